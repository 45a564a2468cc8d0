-- Tokens of the REST API: each is for one room and acts in the name of whoever made it.
CREATE TABLE tokens (
  hash       TEXT   PRIMARY KEY, -- SHA-256 of the token
  token_id   TEXT   NOT NULL,    -- by which people name it; no secret
  room_id    TEXT   NOT NULL,
  user_id    TEXT   NOT NULL,
  scope      TEXT   NOT NULL,    -- 'read' or 'write'
  created_at BIGINT NOT NULL     -- Unix milliseconds
);
CREATE INDEX tokens_by_room ON tokens (room_id, created_at);
CREATE INDEX tokens_by_user ON tokens (user_id);
