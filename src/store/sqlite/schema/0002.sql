-- Schema 2. What was accepted is read (its parts, its text) once; pictures that an account sends again and again are known.

-- 1 until the message has been read. What was accepted before this step stays as it is.
ALTER TABLE messages ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_unread ON messages (number) WHERE unread = 1 AND wrapped_key IS NOT NULL;

CREATE TABLE pictures (
  digest BLOB PRIMARY KEY,        -- keyed, of the account and the picture
  messages INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pictures_last ON pictures (last_at);
