//! Where links to the guide lead.

use super::remark;
use crate::config::{Overrides, Resolver};

/// The `guide-url` of the folder we are in, if its configuration has one. A mistake in the configuration is told, and is no
/// reason not to print what was asked for.
pub fn guide_url() -> Option<String> {
    let here = std::env::current_dir().ok()?.join("_");
    match Resolver::new(Overrides::default()).settings(&here) {
        Ok(settings) => settings.config(&here).guide_url.clone(),
        Err(error) => {
            remark(format_args!("warning: {error}; links lead to the published guide"));
            None
        }
    }
}
