-- Schema 3. Decisions are whole values; policies and the facts they decided from are kept; consents, correspondents and reviews.

-- Each decision is stored once, as the JSON of mail/decision.ts with its keys in order.
CREATE TABLE decision_values (
  id INTEGER PRIMARY KEY,
  policy_version TEXT NOT NULL,
  value TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO decision_values (id, policy_version, value)
  SELECT id, policy_version, json_object(
    'rule', rule, 'policyVersion', policy_version, 'consents', NULL, 'action', 'deliver', 'released', json('false'), 'floor', floor, 'floors', json_array(),
    'methods', CASE methods WHEN '' THEN json_array() ELSE json('["' || replace(methods, ',', '","') || '"]') END,
    'otherwise', otherwise, 'reason', NULL,
    'modifiers', json_object('stripTags', json_array(), 'addFields', json_array(), 'appendText', NULL, 'notify', json_array(),
      'expireAfterMs', NULL, 'unsubscribe', NULL))
  FROM decisions;
DROP TABLE decisions;
ALTER TABLE decision_values RENAME TO decisions;

-- Facts of a message and its recipients (mail/facts.ts), without its content.
CREATE TABLE facts (
  message INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX facts_at ON facts (at);

-- Every policy that was in effect, with the lists it read.
CREATE TABLE policies (
  version TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,       -- when it was last in effect
  active INTEGER NOT NULL         -- 1 for the one in effect
) STRICT;

-- Consents and refusals of people outside; a record is never changed but for its revocation, and none is deleted before its time.
CREATE TABLE consents (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject BLOB NOT NULL,          -- keyed digest of the organisation and the address, or of the account
  given_at INTEGER NOT NULL,
  until INTEGER,
  sealed BLOB NOT NULL,           -- address, who recorded it, the text, what is authorised
  revoked_at INTEGER,
  sealed_revocation BLOB          -- who revoked it, and why
) STRICT;
CREATE INDEX consents_subject ON consents (subject, kind);

-- To whom the organisation writes: keyed digests.
CREATE TABLE correspondents (
  address BLOB PRIMARY KEY,
  domain BLOB NOT NULL,
  messages INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX correspondents_domain ON correspondents (domain);
CREATE INDEX correspondents_last ON correspondents (last_at);

-- Addresses that get mail regularly, each with one character left out: two that share such a rest at the same place are one slip apart.
CREATE TABLE correspondent_rests (
  rest BLOB NOT NULL,
  place INTEGER NOT NULL,
  address BLOB NOT NULL,
  PRIMARY KEY (rest, place, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX correspondent_rests_address ON correspondent_rests (address);

-- What reviewers of held deliveries have been told and have said.
CREATE TABLE reviews (
  delivery INTEGER PRIMARY KEY,
  held_at INTEGER NOT NULL,
  told_at INTEGER,                -- notice to the reviewers
  reminded_at INTEGER
) STRICT;
CREATE TABLE verdicts (
  id INTEGER PRIMARY KEY,
  delivery INTEGER NOT NULL,
  at INTEGER NOT NULL,
  verdict TEXT NOT NULL,          -- 'phi', 'not-phi'
  reasons TEXT NOT NULL           -- JSON array of what inspection gave as reasons: {code, kinds}
) STRICT;
CREATE INDEX verdicts_at ON verdicts (at);
