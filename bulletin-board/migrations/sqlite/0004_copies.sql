-- A row says that this database is a copy of the one that a board runs on (BRD-61): nothing may be signed on it any more.
CREATE TABLE copies (
    number INTEGER PRIMARY KEY,
    made   TEXT NOT NULL DEFAULT (datetime('now'))
) STRICT;

CREATE TRIGGER copies_never_change BEFORE UPDATE ON copies
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER copies_never_go BEFORE DELETE ON copies
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
