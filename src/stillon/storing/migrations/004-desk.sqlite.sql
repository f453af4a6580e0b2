-- Who may sign in to the desk, who is signed in, and what programs sign in with; readings by when they were recorded,
-- and answers by what the desk counts at every look.

CREATE TABLE account (
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  secret TEXT NOT NULL,
  made_at TEXT NOT NULL,
  closed_at TEXT,
  PRIMARY KEY (name)
);

CREATE TABLE session (
  digest TEXT NOT NULL,
  account TEXT NOT NULL,
  form TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  PRIMARY KEY (digest),
  FOREIGN KEY(account) REFERENCES account (name)
);

CREATE INDEX session_account ON session (account);

CREATE TABLE token (
  id TEXT NOT NULL,
  digest TEXT NOT NULL,
  account TEXT NOT NULL,
  label TEXT NOT NULL,
  role TEXT NOT NULL,
  made_at TEXT NOT NULL,
  revoked_at TEXT,
  PRIMARY KEY (id),
  FOREIGN KEY(account) REFERENCES account (name),
  UNIQUE (digest)
);

CREATE INDEX token_account ON token (account);

CREATE INDEX reading_recorded ON reading (recorded_at);

CREATE INDEX answer_made_for ON answer (made_for);

CREATE INDEX answer_status ON answer (status);
