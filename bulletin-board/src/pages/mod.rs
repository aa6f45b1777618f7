//! Pages for people, on boards and mirrors alike: those that run in a browser, as the build made them, and those that the server writes
//! (`specs/11-web.md`, WEB-5 and WEB-20 to WEB-34). They stand beside the interface for programs and are no part of it (HTTP-47).

mod bundle;
mod comparison;
mod election;
mod entries;
mod headers;
mod names;
mod progress;
mod refusal;
mod results;
mod routes;
mod saved;
mod shelf;
mod texts;
mod written;

pub use bundle::{Bundle, File, OBSERVE, OFFLINE, VOTE, digest};
pub use comparison::{Comparison, ComparisonError, Difference, Finding, compare_saved, compare_served};
pub use headers::{Role, origin};
pub(crate) use routes::router;
pub use saved::{SavedError, saved};

#[cfg(test)]
mod tests;
