-- Whose database this is (BRD-39): the key and the prefix that its logs are named and signed with. One row, for ever.
CREATE TABLE owner (
    number        INTEGER PRIMARY KEY CHECK (number = 1),
    public_key    BYTEA NOT NULL CHECK (octet_length(public_key) = 32),
    origin_prefix TEXT NOT NULL
);

CREATE TRIGGER owner_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON owner
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
