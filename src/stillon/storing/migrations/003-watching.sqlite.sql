-- What the watcher keeps: its feeds, the articles that they named, and the notices it gave.

CREATE TABLE feed (
  url TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (url)
);

CREATE TABLE notice (
  id TEXT NOT NULL,
  rule TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  error TEXT,
  PRIMARY KEY (id)
);

CREATE INDEX notice_recorded ON notice (recorded_at);

CREATE TABLE sighting (
  address TEXT NOT NULL,
  feed TEXT NOT NULL,
  next_at TEXT,
  body TEXT NOT NULL,
  PRIMARY KEY (address)
);

CREATE INDEX sighting_due ON sighting (feed, next_at);
