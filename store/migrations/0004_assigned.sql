-- Whose each card is, so that all cards of a person are found without reading
-- their rooms: one row for each assignee, and for the owner of a direct chat, whose
-- own to-dos its cards are; user_id '' for a card that is nobody's and has a due
-- date. Rows follow from the card; deleted and archived cards have none.
CREATE TABLE assigned (
  room_id   TEXT NOT NULL,
  card      TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  column_id TEXT NOT NULL,
  due       TEXT NOT NULL, -- YYYY-MM-DD, or 9999-12-31 for none
  PRIMARY KEY (room_id, card, user_id)
);
CREATE INDEX assigned_by_user ON assigned (user_id, room_id, column_id, due, card);
