CREATE UNIQUE INDEX post_place ON post (path, root);
CREATE INDEX post_group ON post (grp, kind);
CREATE INDEX post_entry ON post (entry) WHERE entry IS NOT NULL;
CREATE INDEX post_order ON post (shown DESC, entry) WHERE entry IS NOT NULL;
CREATE INDEX post_noted ON post (n) WHERE noted;
CREATE INDEX post_future ON post (published) WHERE kind = 3;
CREATE UNIQUE INDEX term_key ON term (taxonomy, key);
CREATE UNIQUE INDEX spelling_label ON spelling (term, label);
CREATE UNIQUE INDEX fragment_key ON fragment (key, format);
