-- Logs that were taken over from another board (BRD-70): what came before the log that this board signs. Append-only like everything here.
-- An election is taken over once the checkpoints of its logs are there; entries alone count for nothing.

CREATE TABLE earlier_entries (
    election      BLOB NOT NULL CHECK (length(election) = 32),
    position      INTEGER NOT NULL CHECK (position >= 0),
    submission_id BLOB NOT NULL CHECK (length(submission_id) = 32),
    entry         BLOB NOT NULL CHECK (length(entry) <= 65535),
    UNIQUE (election, position),
    UNIQUE (election, submission_id)
) STRICT;

CREATE TABLE earlier_logs (
    election BLOB NOT NULL CHECK (length(election) = 32),
    number   INTEGER NOT NULL CHECK (number > 0),
    size     INTEGER NOT NULL CHECK (size > 0),
    note     TEXT NOT NULL,
    UNIQUE (election, number)
) STRICT;

CREATE TRIGGER earlier_entries_without_gaps BEFORE INSERT ON earlier_entries
WHEN NEW.position <> (SELECT coalesce(max(position) + 1, 0) FROM earlier_entries WHERE election = NEW.election)
  OR EXISTS (SELECT 1 FROM earlier_entries WHERE rowid = NEW.rowid)
  OR EXISTS (SELECT 1 FROM earlier_entries WHERE election = NEW.election AND submission_id = NEW.submission_id)
BEGIN SELECT RAISE(ABORT, 'entries follow each other'); END;

CREATE TRIGGER earlier_entries_ended BEFORE INSERT ON earlier_entries
WHEN EXISTS (SELECT 1 FROM earlier_logs WHERE election = NEW.election)
BEGIN SELECT RAISE(ABORT, 'the election was taken over'); END;

CREATE TRIGGER earlier_logs_in_order BEFORE INSERT ON earlier_logs
WHEN NEW.number <> (SELECT coalesce(max(number) + 1, 1) FROM earlier_logs WHERE election = NEW.election)
  OR EXISTS (SELECT 1 FROM earlier_logs WHERE rowid = NEW.rowid)
  OR EXISTS (SELECT 1 FROM elections WHERE fingerprint = NEW.election)
BEGIN SELECT RAISE(ABORT, 'logs follow each other'); END;

CREATE TRIGGER earlier_entries_never_change BEFORE UPDATE ON earlier_entries
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- What a copy that was refused has left may go: no log of it was ever recorded.
CREATE TRIGGER earlier_entries_never_go BEFORE DELETE ON earlier_entries
WHEN EXISTS (SELECT 1 FROM earlier_logs WHERE election = OLD.election)
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER earlier_logs_never_change BEFORE UPDATE ON earlier_logs
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER earlier_logs_never_go BEFORE DELETE ON earlier_logs
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
