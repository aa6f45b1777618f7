-- Logs that were taken over from another board (BRD-70): what came before the log that this board signs. Append-only like everything here.
-- An election is taken over once the checkpoints of its logs are there; entries alone count for nothing.

CREATE TABLE earlier_entries (
    election      BYTEA NOT NULL CHECK (octet_length(election) = 32),
    position      BIGINT NOT NULL CHECK (position >= 0),
    submission_id BYTEA NOT NULL CHECK (octet_length(submission_id) = 32),
    entry         BYTEA NOT NULL CHECK (octet_length(entry) <= 65535),
    PRIMARY KEY (election, position),
    UNIQUE (election, submission_id)
) WITH (toast_tuple_target = 8160);
ALTER TABLE earlier_entries ALTER COLUMN entry SET STORAGE EXTERNAL;

CREATE TABLE earlier_logs (
    election BYTEA NOT NULL CHECK (octet_length(election) = 32),
    number   BIGINT NOT NULL CHECK (number > 0),
    size     BIGINT NOT NULL CHECK (size > 0),
    note     TEXT NOT NULL,
    PRIMARY KEY (election, number)
);

CREATE FUNCTION earlier_entry_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM earlier_logs WHERE election = NEW.election) THEN
        RAISE EXCEPTION 'the election was taken over';
    END IF;
    IF NEW.position <> 0
       AND NOT EXISTS (SELECT 1 FROM earlier_entries WHERE election = NEW.election AND position = NEW.position - 1) THEN
        RAISE EXCEPTION 'entries follow each other';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION earlier_log_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> (SELECT coalesce(max(number) + 1, 1) FROM earlier_logs WHERE election = NEW.election)
       OR EXISTS (SELECT 1 FROM elections WHERE fingerprint = NEW.election) THEN
        RAISE EXCEPTION 'logs follow each other';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER earlier_entries_without_gaps BEFORE INSERT ON earlier_entries
    FOR EACH ROW EXECUTE FUNCTION earlier_entry_follows();
CREATE TRIGGER earlier_logs_in_order BEFORE INSERT ON earlier_logs FOR EACH ROW EXECUTE FUNCTION earlier_log_follows();
CREATE TRIGGER earlier_entries_never_change BEFORE UPDATE OR TRUNCATE ON earlier_entries
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
-- What a copy that was refused has left may go: no log of it was ever recorded.
CREATE FUNCTION earlier_entry_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM earlier_logs WHERE election = OLD.election) THEN
        RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER earlier_entries_never_go BEFORE DELETE ON earlier_entries
    FOR EACH ROW EXECUTE FUNCTION earlier_entry_goes();
CREATE TRIGGER earlier_logs_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON earlier_logs
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
