//! The HTTP contract between the board and everyone else, both sides.
