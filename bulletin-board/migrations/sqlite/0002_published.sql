-- Checkpoints that met their election's policy, each recorded before anyone was shown it (BRD-30): the last one counts. A row for the
-- size of the last one brings later cosignatures.

CREATE TABLE published (
    number   INTEGER PRIMARY KEY,
    election INTEGER NOT NULL REFERENCES elections (key),
    size     INTEGER NOT NULL,
    note     TEXT NOT NULL,
    FOREIGN KEY (election, size) REFERENCES checkpoints (election, size)
) STRICT;

CREATE INDEX published_of_election ON published (election, size, number);

CREATE TRIGGER published_only_added BEFORE INSERT ON published
WHEN EXISTS (SELECT 1 FROM published WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TRIGGER published_never_shrinks BEFORE INSERT ON published
WHEN NEW.size < (SELECT max(size) FROM published WHERE election = NEW.election)
BEGIN SELECT RAISE(ABORT, 'a larger checkpoint was published'); END;

CREATE TRIGGER published_never_changes BEFORE UPDATE ON published
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER published_never_goes BEFORE DELETE ON published
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
