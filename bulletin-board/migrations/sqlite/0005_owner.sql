-- Whose database this is (BRD-39): the key and the prefix that its logs are named and signed with. One row, for ever.
CREATE TABLE owner (
    number        INTEGER PRIMARY KEY CHECK (number = 1),
    public_key    BLOB NOT NULL CHECK (length(public_key) = 32),
    origin_prefix TEXT NOT NULL
) STRICT;

-- `INSERT OR REPLACE` deletes without firing triggers.
CREATE TRIGGER owner_only_added BEFORE INSERT ON owner
WHEN EXISTS (SELECT 1 FROM owner)
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER owner_never_changes BEFORE UPDATE ON owner
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER owner_never_goes BEFORE DELETE ON owner
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
