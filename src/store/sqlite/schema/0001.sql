-- Schema 1. Times are milliseconds since the epoch, UTC. Columns named `sealed...` hold what only the ColumnSealer opens.
-- A delivery's key is its message's number times 65536 plus its place in the envelope: no index is needed to go from one to the other.

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  accepted_at INTEGER NOT NULL,
  submitter_kind TEXT NOT NULL,
  submitter_name TEXT NOT NULL,
  about TEXT,
  place TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  period_id INTEGER NOT NULL,
  wrapped_key BLOB,               -- null once the content has been removed
  digest BLOB NOT NULL,
  needs TEXT NOT NULL,
  sealed BLOB NOT NULL,           -- envelope, reports address, Message-ID, References
  open INTEGER NOT NULL,          -- deliveries that have not ended
  owed INTEGER NOT NULL,          -- reports owed
  ended_at INTEGER                -- when the last delivery ended
) STRICT;
CREATE INDEX messages_ended ON messages (ended_at) WHERE open = 0 AND owed = 0 AND wrapped_key IS NOT NULL;
CREATE INDEX messages_period ON messages (period_id) WHERE wrapped_key IS NOT NULL;
CREATE INDEX messages_spooled ON messages (number) WHERE place = 'file' AND wrapped_key IS NOT NULL;

CREATE TABLE contents (
  message INTEGER PRIMARY KEY,
  sealed BLOB NOT NULL
) STRICT;

CREATE TABLE deliveries (
  key INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  destination INTEGER NOT NULL,
  due_at INTEGER,                 -- set while queued or deferred
  expires_at INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  method_index INTEGER NOT NULL,
  method_since INTEGER,
  attempts INTEGER NOT NULL,
  outcome_unknown INTEGER NOT NULL,
  delay_reported INTEGER NOT NULL,
  lease_owner TEXT,
  lease_token INTEGER NOT NULL,
  lease_until INTEGER,
  hold_reason TEXT,
  hold_owner TEXT,
  hold_deadline INTEGER,
  report TEXT,                    -- kind of the report owed
  sealed BLOB,                    -- recipient, NOTIFY, ORCPT where they are not those of the envelope
  sealed_status BLOB              -- what was last known (RFC 3464 2.3)
) STRICT;
CREATE INDEX deliveries_state ON deliveries (state);
CREATE INDEX deliveries_due ON deliveries (destination, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_held ON deliveries (hold_deadline) WHERE state = 'held';
CREATE INDEX deliveries_owed ON deliveries (key) WHERE report IS NOT NULL;

-- How many deliveries stand in each state, so that nobody counts them.
CREATE TABLE tallies (
  state TEXT PRIMARY KEY,
  deliveries INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  delivery INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  result TEXT,                    -- null: under way, or lost
  PRIMARY KEY (delivery, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE destinations (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  ready_at INTEGER,               -- when to look here again: never later than the first due delivery and the end of the back-off
  not_before INTEGER,             -- back-off, or null
  failures INTEGER NOT NULL,
  probe INTEGER                   -- key of the delivery that probes, while it does
) STRICT;
CREATE INDEX destinations_ready ON destinations (ready_at) WHERE ready_at IS NOT NULL;

-- Decisions are few and long: each is stored once.
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY,
  rule TEXT NOT NULL,
  policy_version TEXT NOT NULL,
  floor TEXT NOT NULL,
  methods TEXT NOT NULL,
  otherwise TEXT NOT NULL,
  UNIQUE (rule, policy_version, floor, methods, otherwise)
) STRICT;

CREATE TABLE repeats (
  id INTEGER PRIMARY KEY,
  likely INTEGER NOT NULL,
  digest BLOB NOT NULL,
  delivery INTEGER NOT NULL,
  until INTEGER NOT NULL,
  UNIQUE (likely, digest)
) STRICT;

CREATE TABLE evidence (
  seq INTEGER PRIMARY KEY,
  message TEXT,
  bytes BLOB NOT NULL,
  hash BLOB NOT NULL,
  sealed_detail BLOB
) STRICT;
CREATE INDEX evidence_message ON evidence (message, seq) WHERE message IS NOT NULL;

CREATE TABLE accounts (
  name TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  may_use TEXT NOT NULL,          -- JSON array of patterns
  reports TEXT,
  likely_repeats TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sts_policies (
  domain BLOB PRIMARY KEY,
  fetched_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;

CREATE TABLE tls_history (
  destination BLOB PRIMARY KEY,
  first_verified_at INTEGER NOT NULL,
  last_verified_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sending_accounts (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL UNIQUE,
  hour INTEGER NOT NULL,
  messages_hour INTEGER NOT NULL,
  new_recipients_hour INTEGER NOT NULL,
  day INTEGER NOT NULL,
  messages_day INTEGER NOT NULL,
  new_recipients_day INTEGER NOT NULL
) STRICT;

CREATE TABLE sending_recipients (
  account INTEGER NOT NULL,
  recipient BLOB NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (account, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX sending_recipients_last ON sending_recipients (last_at);
