-- What lay on whiteboards in versions of them that were kept. Which those are, items tell.
CREATE TABLE versions (
  room_id TEXT  NOT NULL,
  version TEXT  NOT NULL, -- the item's ID
  content BYTEA NOT NULL, -- gzip of {"elements":[…]}
  PRIMARY KEY (room_id, version)
);

-- When a change was made (Unix milliseconds), if it concerns only what lies on whiteboards;
-- 0 for all others. Such changes are many, and are not kept for ever.
ALTER TABLE changes ADD COLUMN drawn_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX changes_drawn ON changes (room_id, seq) WHERE drawn_at > 0;
