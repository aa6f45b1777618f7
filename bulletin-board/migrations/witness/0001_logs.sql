-- What a witness remembers (WIT-8): of each log the largest tree it cosigned. Rows only grow; whoever forgets could cosign a second history.

-- Whose memory this is (WIT-10).
CREATE TABLE cosigner (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    vkey TEXT NOT NULL
) STRICT;

CREATE TRIGGER cosigner_never_changes BEFORE UPDATE ON cosigner
BEGIN SELECT RAISE(ABORT, 'the memory belongs to one key'); END;
CREATE TRIGGER cosigner_never_goes BEFORE DELETE ON cosigner
BEGIN SELECT RAISE(ABORT, 'the memory belongs to one key'); END;

CREATE TABLE logs (
    origin      TEXT PRIMARY KEY,
    -- WIT-6: what the log is asked for by.
    origin_hash TEXT NOT NULL UNIQUE,
    size        INTEGER NOT NULL CHECK (size >= 0),
    root        BLOB NOT NULL CHECK (length(root) = 32),
    -- When this was cosigned, in seconds since 1970.
    time        INTEGER NOT NULL CHECK (time > 0),
    -- The checkpoint with the log's signature and the cosignature.
    note        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER logs_only_added BEFORE INSERT ON logs
WHEN EXISTS (SELECT 1 FROM logs WHERE origin = NEW.origin OR origin_hash = NEW.origin_hash)
BEGIN SELECT RAISE(ABORT, 'the log is remembered'); END;

CREATE TRIGGER logs_only_grow BEFORE UPDATE ON logs
WHEN NEW.origin <> OLD.origin OR NEW.origin_hash <> OLD.origin_hash OR NEW.size < OLD.size
    OR (NEW.size = OLD.size AND NEW.root <> OLD.root) OR NEW.time < OLD.time
BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;

CREATE TRIGGER logs_are_never_forgotten BEFORE DELETE ON logs
BEGIN SELECT RAISE(ABORT, 'a witness forgets nothing'); END;

-- WIT-13: logs that go on as another log, under another key.
CREATE TABLE continuations (
    predecessor TEXT PRIMARY KEY,
    origin      TEXT NOT NULL UNIQUE,
    -- The successor's key as text; its name is the origin.
    vkey        TEXT NOT NULL,
    -- The receipt that was shown for it.
    receipt     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER continuations_only_added BEFORE INSERT ON continuations
WHEN EXISTS (SELECT 1 FROM continuations WHERE predecessor = NEW.predecessor OR origin = NEW.origin)
BEGIN SELECT RAISE(ABORT, 'the log goes on as another'); END;
CREATE TRIGGER continuations_never_change BEFORE UPDATE ON continuations
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER continuations_never_go BEFORE DELETE ON continuations
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
