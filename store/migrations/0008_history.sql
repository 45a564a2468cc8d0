-- Which changes told something of which item, so that a card's history can be read
-- without its room's whole log. What was logged before is noted when the room is
-- first loaded (store/history.go): the changes may be sealed.
CREATE TABLE change_items (
  room_id TEXT   NOT NULL,
  kind    TEXT   NOT NULL,
  item_id TEXT   NOT NULL,
  seq     BIGINT NOT NULL,
  PRIMARY KEY (room_id, kind, item_id, seq)
) WITHOUTROWID;
