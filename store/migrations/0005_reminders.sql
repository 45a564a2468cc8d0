-- When a room has something to do by itself; the worker of a room that is not in memory
-- is woken then. Every room looks once when this table is new.
CREATE TABLE alarms (
  room_id TEXT   PRIMARY KEY,
  at      BIGINT NOT NULL -- Unix milliseconds
);
CREATE INDEX alarms_by_time ON alarms (at);
INSERT INTO alarms (room_id, at) SELECT room_id, 0 FROM rooms WHERE joined = 1;

-- What was said of a day by itself, so that it is never said twice, however the clock goes.
CREATE TABLE told (
  room_id TEXT NOT NULL,
  card    TEXT NOT NULL, -- or ''
  user_id TEXT NOT NULL, -- to whom, or '' for all
  day     TEXT NOT NULL, -- YYYY-MM-DD: the due date, or the day of a digest
  what    TEXT NOT NULL, -- which of the messages of that day
  PRIMARY KEY (room_id, day, card, user_id, what)
);
CREATE INDEX told_by_day ON told (day);

-- How people want to be reminded, in all rooms; who is not in it has chosen nothing.
CREATE TABLE reminding (
  user_id TEXT    PRIMARY KEY,
  way     TEXT    NOT NULL, -- 'thread', 'direct' or 'off'
  days    INTEGER NOT NULL  -- before the due date
);
