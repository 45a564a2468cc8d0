-- Encrypted events whose key has not come; a row goes when it could be read.
CREATE TABLE locked (
  room_id     TEXT   NOT NULL,
  event_id    TEXT   NOT NULL,
  sender      TEXT   NOT NULL,
  session_id  TEXT   NOT NULL, -- names the key
  received_at BIGINT NOT NULL, -- Unix milliseconds
  body        BYTEA  NOT NULL, -- the content of m.room.encrypted
  PRIMARY KEY (room_id, event_id)
);
CREATE INDEX locked_by_age ON locked (received_at);
