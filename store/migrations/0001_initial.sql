-- What the homeserver delivered and was answered 200 for; a row goes when all
-- of its events have been handled.
CREATE TABLE inbox (
  id          BIGKEY PRIMARY KEY,
  source      TEXT   NOT NULL, -- 'transaction' or 'sync'
  received_at BIGINT NOT NULL, -- Unix milliseconds
  body        BYTEA  NOT NULL  -- {"events":[…]} as it came
);

-- Events that had an effect, so that they never have it twice.
CREATE TABLE handled (
  event_id   TEXT   PRIMARY KEY,
  handled_at BIGINT NOT NULL
);
CREATE INDEX handled_by_age ON handled (handled_at);

-- Events that could not be handled, for the operator.
CREATE TABLE set_aside (
  event_id TEXT   PRIMARY KEY,
  room_id  TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  reason   TEXT   NOT NULL
);

CREATE TABLE rooms (
  room_id   TEXT    PRIMARY KEY,
  joined    INTEGER NOT NULL, -- 1 while the bot is in the room
  seq       BIGINT  NOT NULL, -- number of the last commit
  published BIGINT  NOT NULL, -- number of the last commit that was published
  clock     TEXT    NOT NULL, -- greatest stamp time, hexadecimal
  successor TEXT    NOT NULL, -- the room that replaced it, or ''; also in info
  info      TEXT    NOT NULL  -- JSON: store.RoomInfo
);
CREATE INDEX rooms_by_successor ON rooms (successor);

CREATE TABLE members (
  room_id    TEXT NOT NULL,
  user_id    TEXT NOT NULL,
  membership TEXT NOT NULL,
  name       TEXT NOT NULL,
  PRIMARY KEY (room_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id);

-- The merged state of work.
CREATE TABLE items (
  room_id TEXT   NOT NULL,
  kind    TEXT   NOT NULL,
  item_id TEXT   NOT NULL,
  seq     BIGINT NOT NULL,
  fields  TEXT   NOT NULL, -- JSON: [[name, value, stamp], …]
  PRIMARY KEY (room_id, kind, item_id)
);

-- The log of changes: what is published, sent after a reconnect, and undone.
CREATE TABLE changes (
  room_id   TEXT    NOT NULL,
  seq       BIGINT  NOT NULL,
  change_id TEXT    NOT NULL,
  by_user   TEXT    NOT NULL,
  undoable  INTEGER NOT NULL, -- 1 until it was undone; 0 for what is no act of a person
  body      TEXT    NOT NULL, -- JSON: workspace.Change
  won       TEXT    NOT NULL, -- JSON: []workspace.Op
  before    TEXT    NOT NULL, -- JSON: {"ops": []workspace.Op, "fresh": […]}
  PRIMARY KEY (room_id, seq)
);
CREATE UNIQUE INDEX changes_by_id ON changes (room_id, change_id);
CREATE INDEX changes_by_user ON changes (room_id, by_user, undoable, seq);

-- What is to be told to the homeserver, in order per room.
CREATE TABLE outbox (
  txn_id   TEXT   PRIMARY KEY, -- a function of the cause, unique for ever
  n        BIGINT NOT NULL,    -- order
  room_id  TEXT   NOT NULL,
  body     TEXT   NOT NULL     -- JSON: store.Outgoing
);
CREATE INDEX outbox_by_room ON outbox (room_id, n);

-- Which message belongs to which card.
CREATE TABLE card_messages (
  room_id  TEXT   NOT NULL,
  event_id TEXT   NOT NULL,
  card     TEXT   NOT NULL,
  shown    BIGINT NOT NULL, -- the card's seq that the message shows; -1: a source message, never edited
  PRIMARY KEY (room_id, event_id)
);

-- A readable copy of the messages in cards' threads; the room has the originals.
CREATE TABLE comments (
  room_id  TEXT   NOT NULL,
  event_id TEXT   NOT NULL,
  card     TEXT   NOT NULL,
  by_user  TEXT   NOT NULL,
  body     TEXT   NOT NULL,
  at       BIGINT NOT NULL, -- Unix milliseconds
  PRIMARY KEY (room_id, event_id)
);
CREATE INDEX comments_by_card ON comments (room_id, card, at);

-- Only hashes of secrets are kept.
CREATE TABLE sessions (
  hash       TEXT   PRIMARY KEY, -- SHA-256 of the token
  user_id    TEXT   NOT NULL,
  room_id    TEXT   NOT NULL,
  expires_at BIGINT NOT NULL     -- Unix milliseconds
);
CREATE INDEX sessions_by_room ON sessions (room_id, user_id);

CREATE TABLE links (
  hash       TEXT   PRIMARY KEY,
  user_id    TEXT   NOT NULL,
  room_id    TEXT   NOT NULL,
  expires_at BIGINT NOT NULL
);

-- The direct chat between a person and the bot.
CREATE TABLE direct_rooms (
  user_id TEXT PRIMARY KEY,
  room_id TEXT NOT NULL
);
