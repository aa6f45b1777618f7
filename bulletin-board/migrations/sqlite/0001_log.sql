-- Logs, append-only by the schema itself (BRD-11): what is written is never changed or removed, indices have no gaps, an election
-- has one log, a submission one place, a size one checkpoint.

CREATE TABLE elections (
    key         INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
    origin      TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE entries (
    election      INTEGER NOT NULL REFERENCES elections (key),
    position      INTEGER NOT NULL CHECK (position >= 0),
    submission_id BLOB NOT NULL CHECK (length(submission_id) = 32),
    entry         BLOB NOT NULL CHECK (length(entry) <= 65535),
    UNIQUE (election, position),
    UNIQUE (election, submission_id)
) STRICT;

-- The tree state: the hashes of the maximal complete subtrees, largest first, and the signed checkpoint over it.
CREATE TABLE checkpoints (
    election INTEGER NOT NULL REFERENCES elections (key),
    size     INTEGER NOT NULL CHECK (size > 0),
    subtrees BLOB NOT NULL CHECK (length(subtrees) % 32 = 0),
    note     TEXT NOT NULL,
    UNIQUE (election, size)
) STRICT;

-- `INSERT OR REPLACE` deletes without firing triggers, so repeated keys are refused before the insertion.
CREATE TRIGGER elections_only_added BEFORE INSERT ON elections
WHEN EXISTS (
    SELECT 1 FROM elections
    WHERE key = NEW.key OR fingerprint = NEW.fingerprint OR origin = NEW.origin
)
BEGIN SELECT RAISE(ABORT, 'an election has one log'); END;

CREATE TRIGGER entries_without_gaps BEFORE INSERT ON entries
WHEN NEW.position <> (SELECT coalesce(max(position) + 1, 0) FROM entries WHERE election = NEW.election)
BEGIN SELECT RAISE(ABORT, 'entries follow each other'); END;

CREATE TRIGGER entries_only_added BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE rowid = NEW.rowid)
  OR EXISTS (SELECT 1 FROM entries WHERE election = NEW.election AND submission_id = NEW.submission_id)
BEGIN SELECT RAISE(ABORT, 'a submission has one place'); END;

CREATE TRIGGER checkpoints_of_all_entries BEFORE INSERT ON checkpoints
WHEN NEW.size <> (SELECT max(position) + 1 FROM entries WHERE election = NEW.election)
BEGIN SELECT RAISE(ABORT, 'a checkpoint covers all entries'); END;

CREATE TRIGGER checkpoints_only_grow BEFORE INSERT ON checkpoints
WHEN EXISTS (SELECT 1 FROM checkpoints WHERE rowid = NEW.rowid)
  OR NEW.size <= (SELECT coalesce(max(size), 0) FROM checkpoints WHERE election = NEW.election)
BEGIN SELECT RAISE(ABORT, 'a size has one checkpoint'); END;

CREATE TRIGGER elections_never_change BEFORE UPDATE ON elections
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER elections_never_go BEFORE DELETE ON elections
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER checkpoints_never_change BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER checkpoints_never_go BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
