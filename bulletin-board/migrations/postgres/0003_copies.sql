-- A row says that this database is a copy of the one that a board runs on (BRD-61): nothing may be signed on it any more.
CREATE TABLE copies (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made   TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TRIGGER copies_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON copies
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
