-- Administrative acts: who did what, to whom, where. Rows are only ever added;
-- they go when they are older than privacy.audit_keep. No content.
CREATE TABLE audit (
  id      BIGKEY PRIMARY KEY, -- order
  at      BIGINT NOT NULL,    -- Unix milliseconds
  act     TEXT   NOT NULL,    -- store.Act
  actor   TEXT   NOT NULL,    -- user ID, 'operator', or '' for Werkraum itself
  subject TEXT   NOT NULL,    -- user ID of whom it concerns, or ''
  room_id TEXT   NOT NULL,    -- or ''
  detail  TEXT   NOT NULL     -- levels, languages, numbers: nothing that people wrote
);
CREATE INDEX audit_by_age ON audit (at);

-- People who were erased, by a hash of their user ID that does not tell it, so
-- that what names them later, such as the room's own log, names their stand-in.
CREATE TABLE erased (
  hash     TEXT   PRIMARY KEY,
  stand_in TEXT   NOT NULL,
  at       BIGINT NOT NULL
);
