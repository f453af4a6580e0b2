-- The first schema.

CREATE TABLE answer (
  event TEXT NOT NULL,
  component BIGINT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT,
  start DATE,
  "end" DATE,
  doubtful BOOLEAN NOT NULL,
  who TEXT NOT NULL,
  place TEXT NOT NULL,
  words TEXT NOT NULL,
  reports INTEGER NOT NULL,
  made_for DATE NOT NULL,
  good_until DATE NOT NULL,
  PRIMARY KEY (event)
);

CREATE INDEX answer_component ON answer (component);

CREATE INDEX answer_end ON answer ("end");

CREATE INDEX answer_good_until ON answer (good_until);

CREATE TABLE correction (
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (seq),
  UNIQUE (id)
);

CREATE TABLE fact (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
);

CREATE TABLE report (
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  address TEXT NOT NULL,
  revision INTEGER NOT NULL,
  published DATE,
  counts_from DATE,
  grams INTEGER NOT NULL,
  recorded_at TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (seq),
  CONSTRAINT report_revision UNIQUE (address, revision),
  UNIQUE (id)
);

CREATE INDEX report_counts_from ON report (counts_from);

CREATE INDEX report_recorded ON report (recorded_at);

CREATE TABLE stale (
  component BIGINT NOT NULL,
  PRIMARY KEY (component)
);

CREATE TABLE answer_body (
  event TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (event),
  FOREIGN KEY(event) REFERENCES answer (event)
);

CREATE TABLE copy (
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  containment DOUBLE NOT NULL,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (a, b),
  FOREIGN KEY(a) REFERENCES report (seq),
  FOREIGN KEY(b) REFERENCES report (seq)
)
 WITHOUT ROWID;

CREATE INDEX copy_b ON copy (b);

CREATE TABLE gram (
  hash BIGINT NOT NULL,
  report BIGINT NOT NULL,
  PRIMARY KEY (hash, report),
  FOREIGN KEY(report) REFERENCES report (seq)
)
 WITHOUT ROWID;

CREATE TABLE reading (
  seq INTEGER NOT NULL,
  report BIGINT NOT NULL,
  version TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  about TEXT NOT NULL,
  PRIMARY KEY (seq),
  CONSTRAINT reading_version UNIQUE (report, version),
  FOREIGN KEY(report) REFERENCES report (seq)
);

CREATE TABLE mention (
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  reading BIGINT NOT NULL,
  component BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (seq),
  FOREIGN KEY(reading) REFERENCES reading (seq)
);

CREATE INDEX mention_component ON mention (component);

CREATE INDEX mention_id ON mention (id);

CREATE INDEX mention_reading ON mention (reading);

CREATE TABLE block (
  "key" BIGINT NOT NULL,
  until INTEGER NOT NULL,
  mention BIGINT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY ("key", until, mention),
  FOREIGN KEY(mention) REFERENCES mention (seq)
)
 WITHOUT ROWID;

CREATE TABLE claim (
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  reading BIGINT NOT NULL,
  mention BIGINT,
  body TEXT NOT NULL,
  PRIMARY KEY (seq),
  FOREIGN KEY(reading) REFERENCES reading (seq),
  FOREIGN KEY(mention) REFERENCES mention (seq)
);

CREATE INDEX claim_mention ON claim (mention);

CREATE INDEX claim_reading ON claim (reading);

CREATE TABLE pair (
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  odds DOUBLE NOT NULL,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (a, b),
  FOREIGN KEY(a) REFERENCES mention (seq),
  FOREIGN KEY(b) REFERENCES mention (seq)
)
 WITHOUT ROWID;

CREATE VIRTUAL TABLE words USING fts5 (body, content='', tokenize='porter unicode61');
