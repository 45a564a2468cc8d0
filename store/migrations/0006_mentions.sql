-- People who are to be told that a card was assigned to them, if it still is at that time.
CREATE TABLE mentioning (
  room_id TEXT   NOT NULL,
  card    TEXT   NOT NULL,
  user_id TEXT   NOT NULL,
  at      BIGINT NOT NULL, -- Unix milliseconds
  PRIMARY KEY (room_id, card, user_id)
);
