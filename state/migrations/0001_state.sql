-- The state, format 1. All times are UTC in RFC 3339 with milliseconds.

-- What is true of the whole state; exactly one row.
CREATE TABLE meta (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    lineage TEXT NOT NULL,    -- identity: random, given once
    serial INTEGER NOT NULL,  -- grows by one with every transaction that changes resources or outputs
    created TEXT NOT NULL,
    -- The data key, sealed with the user's key, or with one derived from a passphrase.
    key_kind TEXT NOT NULL CHECK (key_kind IN ('key', 'passphrase')),
    key_salt BLOB NOT NULL,       -- empty for a key
    key_rounds INTEGER NOT NULL,  -- 0 for a key
    data_key TEXT NOT NULL
) STRICT;

-- One row per object. Sensitive leaves of `attributes` are {"$sealed": …, "$mac": …}.
CREATE TABLE resources (
    address TEXT NOT NULL,   -- of the instance, as users write it
    deposed TEXT NOT NULL,   -- key of a deposed object; empty for the current one
    -- The parts of the address, for queries; the program reads `address` only.
    module TEXT NOT NULL,    -- module instance; empty for the root
    mode TEXT NOT NULL CHECK (mode IN ('managed', 'data', 'ephemeral')),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    key ANY,                 -- integer by `count`, text by `for_each`, else null
    provider TEXT NOT NULL,
    provider_config TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    attributes TEXT NOT NULL,  -- JSON
    private TEXT NOT NULL,     -- the provider's bytes, sealed; empty for none
    tainted INTEGER NOT NULL,
    create_before_destroy INTEGER NOT NULL,
    dependencies TEXT NOT NULL,  -- JSON array of addresses
    version INTEGER NOT NULL,    -- the serial of the transaction that wrote the row
    PRIMARY KEY (address, deposed)
) STRICT;

-- Outputs of the root module.
CREATE TABLE outputs (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,  -- JSON; sealed whole when sensitive
    type TEXT NOT NULL,   -- JSON
    sensitive INTEGER NOT NULL
) STRICT;

-- One row per applied plan. A plan is applied at most once.
CREATE TABLE runs (
    id INTEGER NOT NULL PRIMARY KEY,
    plan TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    user TEXT NOT NULL,
    command TEXT NOT NULL,
    begun TEXT NOT NULL,
    ended TEXT,
    -- Null while it runs. `interrupted` is written by whoever finds that its process has died.
    outcome TEXT CHECK (outcome IN ('succeeded', 'failed', 'interrupted'))
) STRICT;

-- What was about to be done outside, written before it was tried.
CREATE TABLE intents (
    owner TEXT NOT NULL PRIMARY KEY,  -- random; the mark on a new object
    run INTEGER NOT NULL REFERENCES runs (id),
    address TEXT NOT NULL,
    deposed TEXT NOT NULL,
    verb TEXT NOT NULL CHECK (verb IN ('create', 'update', 'delete')),
    begun TEXT NOT NULL,
    open INTEGER NOT NULL,  -- 1 until an outcome other than `unknown`
    planned TEXT            -- the record as it was to become; null once closed
) STRICT;

CREATE INDEX intents_open ON intents (owner) WHERE open = 1;

-- What came of intents, in order.
CREATE TABLE outcomes (
    id INTEGER NOT NULL PRIMARY KEY,
    intent TEXT NOT NULL REFERENCES intents (owner),
    class TEXT NOT NULL CHECK (class IN ('created', 'done', 'failed', 'unknown')),
    note TEXT,
    ended TEXT NOT NULL
) STRICT;

-- Who may change the state; at most one row. The row says who, the lock on the file beside the
-- database says whether it still lives.
CREATE TABLE lease (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    user TEXT NOT NULL,
    command TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;
