-- Keys, constraints and indexes of every kind.
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
CREATE SCHEMA other;
CREATE SEQUENCE free_seq START 10 INCREMENT BY 5;
CREATE SEQUENCE down_seq INCREMENT BY -1 START -1;
CREATE TABLE parent (
  id bigint CONSTRAINT parent_key PRIMARY KEY, code text NOT NULL, region text, n integer,
  tags text[], body tsvector, js jsonb, span int4range, at timestamptz, place point, price numeric(10,2),
  CONSTRAINT parent_code UNIQUE (code), CONSTRAINT parent_region_code UNIQUE (region, code),
  CONSTRAINT later UNIQUE (n) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT together UNIQUE NULLS NOT DISTINCT (region, n),
  CONSTRAINT covered UNIQUE (price) INCLUDE (code, region)
);
ALTER TABLE parent ADD CONSTRAINT positive CHECK (n >= 0) NOT VALID;
ALTER TABLE parent ADD CONSTRAINT "both" CHECK (region IS NULL OR code <> '');
CREATE INDEX a_plain ON parent (region);
CREATE INDEX b_two ON parent (region DESC, code);
CREATE INDEX c_nulls ON parent (region NULLS FIRST, at DESC NULLS LAST);
CREATE INDEX d_expression ON parent (lower(code), region, (n + 1) DESC);
CREATE INDEX e_partial ON parent (n) WHERE n > 10 AND region = 'eu';
CREATE UNIQUE INDEX f_unique_lower ON parent (lower(code));
CREATE UNIQUE INDEX g_unique_partial ON parent (region) WHERE n IS NULL;
CREATE INDEX h_include ON parent (code) INCLUDE (price, at);
CREATE INDEX i_gin ON parent USING gin (tags);
CREATE INDEX j_trigram ON parent USING gin (code gin_trgm_ops);
CREATE INDEX k_json ON parent USING gin (js jsonb_path_ops);
CREATE INDEX l_gist ON parent USING gist (span);
CREATE INDEX m_spgist ON parent USING spgist (place);
CREATE INDEX n_brin ON parent USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX o_hash ON parent USING hash (code);
CREATE INDEX p_pattern ON parent (code text_pattern_ops);
CREATE INDEX q_collated ON parent (code COLLATE "C", region COLLATE "POSIX");
CREATE INDEX r_search ON parent USING gin (body, to_tsvector('english', code));
CREATE INDEX s_json_field ON parent ((js ->> 'a'), (js #>> '{b,c}'));
CREATE UNIQUE INDEX t_nulls_not_distinct ON parent (at) NULLS NOT DISTINCT;
CREATE TABLE child (
  id serial PRIMARY KEY, parent_id bigint NOT NULL REFERENCES parent, second_id bigint REFERENCES parent ON DELETE SET NULL ON UPDATE CASCADE,
  third_id bigint DEFAULT 1 REFERENCES parent ON DELETE SET DEFAULT ON UPDATE RESTRICT DEFERRABLE,
  region text, code text, n integer NOT NULL DEFAULT nextval('free_seq'),
  FOREIGN KEY (region, code) REFERENCES parent (region, code) MATCH SIMPLE DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE child ADD CONSTRAINT by_code FOREIGN KEY (code) REFERENCES parent (code) ON DELETE RESTRICT NOT VALID;
CREATE TABLE booking (room integer, during tstzrange, EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0), CONSTRAINT never EXCLUDE (room WITH =) DEFERRABLE);
CREATE TABLE other.far (id integer PRIMARY KEY, parent_id bigint REFERENCES parent);
