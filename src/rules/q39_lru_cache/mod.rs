//! Question 39: `functools.lru_cache`.

pub mod lru_cache_on_method;
