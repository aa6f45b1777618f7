//! Builders shared by the whole-system tests.
