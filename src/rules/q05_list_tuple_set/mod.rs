//! Question 5: list, tuple, set.

pub mod list_membership_in_loop;
pub mod membership_in_list_literal;
pub mod set_indexing;
