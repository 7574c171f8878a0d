-- Schema 4. The portal: messages that wait there, who opens them and by what, and what came back about them.

CREATE TABLE pickups (
  delivery INTEGER PRIMARY KEY,
  address BLOB NOT NULL,          -- keyed digest of the recipient's canonical address
  brand TEXT NOT NULL,            -- name in the configuration
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  minimum TEXT NOT NULL,          -- assurance that opens it
  mailed_code TEXT NOT NULL,      -- 'may-travel', 'below-floor'
  tell TEXT,                      -- 'code': the originator is to be told one
  notice TEXT,                    -- what is owed to the recipient: 'first', 'reminder', 'again', 'lost-factor'; null: nothing
  noticed_at INTEGER,             -- when the last notice was handed to the road
  remind_at INTEGER,              -- when a reminder is due; null: never, or seen to
  reminded_at INTEGER,
  alarm_at INTEGER,               -- when the originator is to be told that it stands unopened
  alarmed_at INTEGER,
  bounced_at INTEGER,             -- a notice came back
  away_at INTEGER,                -- an automatic answer came
  opened INTEGER NOT NULL,        -- how often it was read
  first_opened_at INTEGER,
  last_opened_at INTEGER,
  downloaded_at INTEGER,
  answers INTEGER NOT NULL,
  recalled_at INTEGER,
  over_at INTEGER,                -- when it stopped being openable for good
  kept INTEGER NOT NULL,          -- 1 until the content of its message has been removed
  sealed BLOB NOT NULL            -- recipient, originator, language; empty once the recipient has been removed
) STRICT;
CREATE INDEX pickups_address ON pickups (address, created_at);
CREATE INDEX pickups_notice ON pickups (delivery) WHERE notice IS NOT NULL;
CREATE INDEX pickups_tell ON pickups (delivery) WHERE tell IS NOT NULL;
CREATE INDEX pickups_expiry ON pickups (expires_at) WHERE over_at IS NULL;
CREATE INDEX pickups_remind ON pickups (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX pickups_alarm ON pickups (alarm_at) WHERE alarm_at IS NOT NULL;
CREATE INDEX pickups_over ON pickups (over_at) WHERE over_at IS NOT NULL AND kept = 1;

-- What was written at the portal names the delivery that it answers.
CREATE INDEX messages_answers ON messages (about) WHERE kind = 'answer';

-- People who read at one address: a couple, a front desk, a carer. Each has factors of their own.
CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  address BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  ended_at INTEGER,               -- their factors no longer count
  sealed BLOB NOT NULL            -- name as they gave it, language
) STRICT;
CREATE INDEX people_address ON people (address) WHERE ended_at IS NULL;

CREATE TABLE factors (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- stands in evidence: never used again
  person INTEGER NOT NULL,
  kind TEXT NOT NULL,             -- 'password', 'totp', 'passkey', 'phone'
  assurance TEXT NOT NULL,        -- of the session it was enrolled in
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  name BLOB,                      -- keyed digest of a passkey's credential id
  ended_at INTEGER,
  sealed BLOB NOT NULL            -- encoded hash; secret and last counter; public key and counter; number
) STRICT;
CREATE INDEX factors_person ON factors (person) WHERE ended_at IS NULL;
CREATE INDEX factors_name ON factors (name) WHERE name IS NOT NULL AND ended_at IS NULL;

-- Codes that are good once. Wrong tries are counted here, so that a restart gives nobody more of them.
CREATE TABLE codes (
  id INTEGER PRIMARY KEY,
  address BLOB NOT NULL,
  delivery INTEGER,               -- of one pickup only, or null: of the address
  kind TEXT NOT NULL,             -- 'mailed-code', 'clinic-code', 'phone-code'
  factor INTEGER,                 -- of a 'phone-code': the phone it went to
  digest BLOB NOT NULL,           -- keyed, of the code and its row's salt
  salt BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  ended_at INTEGER                -- spent, replaced or given up
) STRICT;
CREATE INDEX codes_address ON codes (address) WHERE ended_at IS NULL;
CREATE INDEX codes_expiry ON codes (expires_at);
