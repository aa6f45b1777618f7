//! The whole record, re-checked: a numbered list of checks and a report.
