-- A desk's own diary, and a person's word on which event an entry of it is.

CREATE TABLE entry (
  seq BIGSERIAL NOT NULL,
  id TEXT NOT NULL,
  diary TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (seq)
);

CREATE INDEX entry_id ON entry (id);

CREATE TABLE entry_link (
  seq BIGSERIAL NOT NULL,
  entry TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (seq)
);

CREATE INDEX entry_link_entry ON entry_link (entry);
