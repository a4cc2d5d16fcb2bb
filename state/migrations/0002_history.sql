-- The state, format 2: what each run changed, a lease that can be judged from elsewhere, and keys
-- that can be exchanged.

-- Besides applied plans, `runs` has a row for each command that changes the state by itself; its
-- `plan` is random then, and its `digest` empty.

-- The run that wrote the row; 0 when that was before format 2.
ALTER TABLE resources ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
-- `prevent_destroy` and `destroy = false` outlive the block that says so.
ALTER TABLE resources ADD COLUMN protected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE resources ADD COLUMN retained INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outputs ADD COLUMN run INTEGER NOT NULL DEFAULT 0;

-- Rows of `resources` as they were before a later run changed or removed them. What one and the
-- same run wrote and changed again is not kept. An object is thus as a run left it in the row with
-- `run` up to that run's number, of this table with `until` beyond it.
CREATE TABLE history (
    address TEXT NOT NULL,
    deposed TEXT NOT NULL,
    module TEXT NOT NULL,
    mode TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    key ANY,
    provider TEXT NOT NULL,
    provider_config TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    private TEXT NOT NULL,
    tainted INTEGER NOT NULL,
    create_before_destroy INTEGER NOT NULL,
    dependencies TEXT NOT NULL,
    version INTEGER NOT NULL,
    run INTEGER NOT NULL,
    protected INTEGER NOT NULL,
    retained INTEGER NOT NULL,
    until INTEGER NOT NULL  -- the run that changed or removed it
) STRICT;

CREATE INDEX history_until ON history (until);

-- The same for `outputs`.
CREATE TABLE output_history (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    type TEXT NOT NULL,
    sensitive INTEGER NOT NULL,
    run INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;

CREATE INDEX output_history_until ON output_history (until);

-- The first run after which the state is still known.
ALTER TABLE meta ADD COLUMN history_from INTEGER NOT NULL DEFAULT 0;
UPDATE meta SET history_from = (SELECT coalesce(max(id), 0) FROM runs);

-- While the user's key is exchanged the data key is there twice: as the former key sealed it, too.
ALTER TABLE meta ADD COLUMN former_salt BLOB;
ALTER TABLE meta ADD COLUMN former_rounds INTEGER;
ALTER TABLE meta ADD COLUMN former_data_key TEXT;

-- A holder of the lease proves by `id` that it still has it, and by `heartbeat` that it lives.
ALTER TABLE lease ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE lease ADD COLUMN heartbeat TEXT NOT NULL DEFAULT '';
