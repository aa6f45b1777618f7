//! The board: admits entries that obey the rules, sequences them, signs checkpoints.
