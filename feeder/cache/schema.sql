-- What a build knows of its posts. A row of `post` says what was read of one file, under the seal of a digest; all the
-- rest is derived from these rows and made anew whenever the file was touched by somebody else.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE post (
  n         INTEGER PRIMARY KEY,
  root      BLOB NOT NULL,     -- as it was named
  path      BLOB NOT NULL,     -- below the root, in the file system's own bytes
  place     TEXT NOT NULL,     -- JSON: the categories of its folders, and whether it is excluded
  size      INTEGER NOT NULL,
  mtime     INTEGER NOT NULL,  -- nanoseconds
  digest    BLOB NOT NULL,     -- of the file's bytes
  kind      INTEGER NOT NULL,  -- 0 a head, 1 a post left out, 2 no post, 3 a head that is not due yet
  noted     INTEGER NOT NULL,  -- 1 where something is to be said of it
  grp       INTEGER NOT NULL,  -- of the origin, or of the stem where there is none
  published INTEGER NOT NULL,  -- seconds since 1970, UTC
  own       TEXT NOT NULL,     -- the id that it has if nobody contests it
  terms     TEXT NOT NULL,     -- JSON: [[taxonomy, label]…]
  head      TEXT NOT NULL,     -- JSON: see codec.py
  signs     BLOB NOT NULL,     -- digests of link and title, of 4 bytes each
  content   BLOB NOT NULL,     -- digests of title and body, of 8 bytes each, where there is a ledger
  modified  INTEGER NOT NULL,  -- when it was updated, as the post says
  seal      BLOB NOT NULL,     -- digest of all of the above but size and mtime
  -- derived:
  body      BLOB,              -- digest of the body, where it was compared
  entry     TEXT,              -- the id of the entry that it shows; NULL for a copy
  shown     INTEGER,           -- when that entry was published: its earliest copy
  joined    TEXT,              -- the terms of all copies, where there are several
  updated   INTEGER,           -- when its content changed, as the ledger says
  oldest    INTEGER            -- n of the earliest copy; in a copy, n of the post that shows the entry
);

-- The ledger, line by line as it stands in its file, and what its lines are looked for by.
CREATE TABLE ledger (
  id        TEXT PRIMARY KEY,
  grp       INTEGER NOT NULL,
  title     BLOB NOT NULL,
  body      BLOB NOT NULL,
  published INTEGER NOT NULL,
  updated   INTEGER NOT NULL,
  gone      INTEGER NOT NULL,
  line      TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE term (n INTEGER PRIMARY KEY, taxonomy TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, slug TEXT NOT NULL);

-- Which entries a term has, in the order of feeds. `spelling` is the label as it was written there.
CREATE TABLE membership (
  term     INTEGER NOT NULL,
  age      INTEGER NOT NULL,  -- minus the instant: the newest comes first
  entry    TEXT NOT NULL,
  spelling INTEGER NOT NULL,
  post     INTEGER NOT NULL,
  position INTEGER NOT NULL,  -- among the entry's terms
  PRIMARY KEY (term, age, entry, spelling)
) WITHOUT ROWID;

CREATE TABLE spelling (n INTEGER PRIMARY KEY, term INTEGER NOT NULL, label TEXT NOT NULL);

-- Groups whose ids more than one of them asked for, and what was said about it (JSON).
CREATE TABLE contested (grp INTEGER PRIMARY KEY, problems TEXT NOT NULL);

-- Feeds as they were joined, by the first of their documents: the plan's fingerprint, what is to be said where they show
-- less than was planned, and where they show less than readers need.
CREATE TABLE feed (path TEXT PRIMARY KEY, made_of TEXT NOT NULL, cut TEXT NOT NULL, losing TEXT NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID;

-- What each feed was planned with: entries by the keys of their fragments. Term 0 is the site's own feed, and '' what is
-- no stretch: what the feed's own documents show.
CREATE TABLE stands (
  term     INTEGER NOT NULL,
  stretch  TEXT NOT NULL,
  position INTEGER NOT NULL,
  key      BLOB NOT NULL,
  PRIMARY KEY (term, stretch, position)
) WITHOUT ROWID;

-- The history of feeds that have archives, in the order of time: stretches of a month by their names, what they hold (a
-- digest), and the names of the documents that show it (JSON).
CREATE TABLE stretch (
  term      INTEGER NOT NULL,
  month     TEXT NOT NULL,
  place     INTEGER NOT NULL,  -- in the month
  name      TEXT NOT NULL,
  members   BLOB NOT NULL,
  documents TEXT NOT NULL,
  PRIMARY KEY (term, month, place)
) WITHOUT ROWID;

-- What the lists of all feeds say of each, by the first of its documents: what it shows (JSON) if it was joined by the plan
-- of that fingerprint, under a seal; and its lines, which are written anew whenever it is planned.
CREATE TABLE listed (
  path     TEXT PRIMARY KEY,
  made_of  TEXT NOT NULL,
  display  TEXT NOT NULL,
  seal     BLOB NOT NULL,
  taxonomy TEXT NOT NULL,
  slug     TEXT NOT NULL,
  outline  TEXT NOT NULL,
  entry    TEXT NOT NULL
);

-- Entries of such feeds that were updated after they were published.
CREATE TABLE revision (
  term      INTEGER NOT NULL,
  entry     TEXT NOT NULL,
  post      INTEGER NOT NULL,
  published INTEGER NOT NULL,
  updated   INTEGER NOT NULL,
  PRIMARY KEY (term, entry)
) WITHOUT ROWID;

-- What the page of all feeds says of each, by the path of its own page: facts (JSON), and its row, with a drawing that
-- ends with the month `until`; NULL where it is still to be written.
CREATE TABLE card (
  path     TEXT PRIMARY KEY,
  taxonomy TEXT NOT NULL,
  slug     TEXT NOT NULL,
  facts    TEXT NOT NULL,
  until    INTEGER,
  row      TEXT NOT NULL
);

CREATE TABLE rendered (key BLOB PRIMARY KEY, problems TEXT NOT NULL, seal BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE fragment (n INTEGER PRIMARY KEY, key BLOB NOT NULL, format TEXT NOT NULL, seal BLOB NOT NULL, data BLOB NOT NULL);
