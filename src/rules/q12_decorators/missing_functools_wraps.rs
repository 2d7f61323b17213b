use crate::rules::Check;

pub const CHECKS: &[Check] = &[];
