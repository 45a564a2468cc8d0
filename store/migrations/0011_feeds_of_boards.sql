-- A person can have a private calendar of a room and others of single boards of it.
ALTER TABLE feeds ADD COLUMN board TEXT NOT NULL DEFAULT ''; -- '' for all boards
DROP INDEX feeds_by_user;
CREATE UNIQUE INDEX feeds_by_user ON feeds (user_id, room_id, board);
