-- Logs, append-only by the schema itself (BRD-11): what is written is never changed or removed, indices have no gaps, an election
-- has one log, a submission one place, a size one checkpoint. The tables of `migrations/sqlite`, and what several processes need.

CREATE TABLE elections (
    key         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fingerprint BYTEA NOT NULL UNIQUE CHECK (octet_length(fingerprint) = 32),
    origin      TEXT NOT NULL UNIQUE
);

-- Entries are mostly ciphertexts: nothing to compress, and most fit into a page beside others.
CREATE TABLE entries (
    election      BIGINT NOT NULL,
    position      BIGINT NOT NULL CHECK (position >= 0),
    submission_id BYTEA NOT NULL CHECK (octet_length(submission_id) = 32),
    entry         BYTEA NOT NULL CHECK (octet_length(entry) <= 65535),
    PRIMARY KEY (election, position),
    UNIQUE (election, submission_id)
) WITH (toast_tuple_target = 8160);
ALTER TABLE entries ALTER COLUMN entry SET STORAGE EXTERNAL;

-- The tree state: the hashes of the maximal complete subtrees, largest first, and the signed checkpoint over it.
CREATE TABLE checkpoints (
    election BIGINT NOT NULL REFERENCES elections (key),
    size     BIGINT NOT NULL CHECK (size > 0),
    subtrees BYTEA NOT NULL CHECK (octet_length(subtrees) % 32 = 0),
    note     TEXT NOT NULL,
    PRIMARY KEY (election, size)
);

-- Checkpoints that met their election's policy, each recorded before anyone was shown it (BRD-30): the last one counts.
CREATE TABLE published (
    number   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    election BIGINT NOT NULL,
    size     BIGINT NOT NULL,
    note     TEXT NOT NULL,
    FOREIGN KEY (election, size) REFERENCES checkpoints (election, size)
);
CREATE INDEX published_of_election ON published (election, size, number);

-- Each process that takes the lease begins a term (BRD-32).
CREATE TABLE terms (
    term  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    began TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- Submissions on their way from the process that took them to the one that sequences, and the answers on their way back (BRD-34). Nobody
-- was promised anything about them, so they need not survive a crash of the database. An election of null: a
-- manifest, or a question for time evidence.
CREATE UNLOGGED TABLE waiting (
    ticket     BIGINT PRIMARY KEY,
    holder     BIGINT NOT NULL,
    election   BIGINT,
    submission BYTEA NOT NULL CHECK (octet_length(submission) <= 65535),
    voucher    TEXT,
    first      BOOLEAN NOT NULL DEFAULT false,
    arrived    TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
) WITH (toast_tuple_target = 8160);
ALTER TABLE waiting ALTER COLUMN submission SET STORAGE EXTERNAL;
CREATE INDEX waiting_of_election ON waiting (election, arrived);

CREATE UNLOGGED TABLE answers (
    ticket   BIGINT PRIMARY KEY,
    holder   BIGINT NOT NULL,
    place    BIGINT,
    problem  TEXT,
    document TEXT,
    given    TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CHECK (num_nonnulls(place, problem, document) = 1)
);
CREATE INDEX answers_of_holder ON answers (holder);

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME;
END $$;

-- By induction: what is added is contiguous, and follows what was there. Once a statement and not once a row, which would cost as much
-- as the insertion; so this stands for the reference to the election too.
CREATE FUNCTION entries_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM (SELECT election, min(position) AS low, max(position) AS high, count(*) AS count FROM added GROUP BY election) AS run
        WHERE run.high - run.low + 1 <> run.count
           OR NOT EXISTS (SELECT 1 FROM elections WHERE elections.key = run.election)
           -- Not as EXISTS: in a condition like this one it is answered by hashing the whole table.
           OR run.low > 0 AND (
                SELECT entries.position FROM entries WHERE entries.election = run.election AND entries.position = run.low - 1
           ) IS NULL
    ) THEN
        RAISE EXCEPTION 'entries follow each other';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION checkpoint_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size IS DISTINCT FROM (SELECT max(position) + 1 FROM entries WHERE election = NEW.election) THEN
        RAISE EXCEPTION 'a checkpoint covers all entries';
    END IF;
    IF NEW.size <= (SELECT max(size) FROM checkpoints WHERE election = NEW.election) THEN
        RAISE EXCEPTION 'a size has one checkpoint';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION published_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size < (SELECT max(size) FROM published WHERE election = NEW.election) THEN
        RAISE EXCEPTION 'a larger checkpoint was published';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER entries_without_gaps AFTER INSERT ON entries
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION entries_follow();
CREATE TRIGGER checkpoints_only_grow BEFORE INSERT ON checkpoints FOR EACH ROW EXECUTE FUNCTION checkpoint_follows();
CREATE TRIGGER published_never_shrinks BEFORE INSERT ON published FOR EACH ROW EXECUTE FUNCTION published_follows();

CREATE TRIGGER elections_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON elections
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER entries_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER checkpoints_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER published_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON published
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER terms_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON terms
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
