-- Private calendars; only hashes of the tokens are kept.
CREATE TABLE feeds (
  hash    TEXT PRIMARY KEY, -- SHA-256 of the token
  user_id TEXT NOT NULL,
  room_id TEXT NOT NULL     -- or '' for the person's cards in all rooms
);
CREATE UNIQUE INDEX feeds_by_user ON feeds (user_id, room_id);
