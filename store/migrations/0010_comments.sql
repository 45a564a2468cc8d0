-- Comments that the bot has posted for people who wrote them on the page: what they
-- say is theirs, the message is the bot's.
ALTER TABLE comments ADD COLUMN posted INTEGER NOT NULL DEFAULT 0;
