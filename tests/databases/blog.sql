-- A small blog: every kind of relation, key and column that the API knows, with rows.
CREATE TYPE post_state AS ENUM ('draft', 'in-review', 'published');

CREATE TABLE author (
  id serial PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  bio text,
  born date,
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE author IS 'People who write.';
COMMENT ON COLUMN author.email IS 'Unique address, used to sign in.';

-- one-to-one: at most one profile for each author
CREATE TABLE profile (
  id serial PRIMARY KEY,
  author_id integer NOT NULL UNIQUE REFERENCES author (id) ON DELETE CASCADE,
  avatar bytea,
  homepage varchar(200)
);

CREATE TABLE post (
  id bigserial PRIMARY KEY,
  author_id integer NOT NULL REFERENCES author (id) ON DELETE CASCADE,
  title varchar(120) NOT NULL,
  body text NOT NULL DEFAULT '',
  state post_state NOT NULL DEFAULT 'draft',
  rating numeric(4, 2) CHECK (rating BETWEEN 0 AND 10),
  views bigint NOT NULL DEFAULT 0,
  score double precision,
  is_pinned boolean NOT NULL DEFAULT false,
  tags text[] NOT NULL DEFAULT '{}',
  published_at timestamptz,
  slug text GENERATED ALWAYS AS (lower(replace(title::text, ' ', '-'))) STORED
);
CREATE INDEX post_author_idx ON post (author_id, published_at DESC, id DESC);

-- self relation, composite key on the other side
CREATE TABLE comment (
  post_id bigint NOT NULL REFERENCES post (id) ON DELETE CASCADE,
  seq integer NOT NULL,
  reply_to integer,
  author_id integer REFERENCES author (id) ON DELETE SET NULL,
  body text NOT NULL,
  PRIMARY KEY (post_id, seq),
  FOREIGN KEY (post_id, reply_to) REFERENCES comment (post_id, seq)
);

CREATE TABLE label (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE
);
CREATE TABLE post_label (
  post_id bigint NOT NULL REFERENCES post (id) ON DELETE CASCADE,
  label_id uuid NOT NULL REFERENCES label (id) ON DELETE CASCADE,
  added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (post_id, label_id)
);

-- no primary key: reported by name and left out of the API
CREATE TABLE import_log (line text, at timestamptz DEFAULT now());

CREATE VIEW published AS SELECT id, title, published_at FROM post WHERE state = 'published';

INSERT INTO author (email, name, bio, born, settings, created_at)
SELECT 'author' || i || '@example.test', 'Author ' || i, CASE WHEN i % 3 = 0 THEN NULL ELSE 'Bio ' || i END,
       date '1970-01-01' + i * 100, jsonb_build_object('theme', CASE WHEN i % 2 = 0 THEN 'dark' ELSE 'light' END),
       timestamptz '2024-01-01 00:00:00+00' + i * interval '1 hour'
FROM generate_series(1, 20) AS i;
INSERT INTO profile (author_id, avatar, homepage)
SELECT i, decode('00ff10' || lpad(to_hex(i), 2, '0'), 'hex'), 'https://example.test/' || i FROM generate_series(1, 20, 2) AS i;
INSERT INTO post (author_id, title, body, state, rating, views, score, is_pinned, tags, published_at)
SELECT 1 + i % 20, 'Post number ' || i, 'Line one' || chr(10) || 'say "hello" \ ' || i,
       (ARRAY['draft', 'in-review', 'published'])[1 + i % 3]::post_state,
       CASE WHEN i % 5 = 0 THEN NULL ELSE (i % 10) + 0.25 END, 9007199254740993 + i, i / 3.0, i % 10 = 0,
       CASE WHEN i % 4 = 0 THEN '{}' ELSE ARRAY['tag' || i % 7, 'näive', NULL] END,
       CASE WHEN i % 3 = 2 THEN timestamptz '2024-06-01 12:00:00.123456+00' + i * interval '1 minute' END
FROM generate_series(1, 200) AS i;
INSERT INTO comment (post_id, seq, reply_to, author_id, body)
SELECT p, s, CASE WHEN s > 1 THEN 1 END, CASE WHEN s % 2 = 0 THEN NULL ELSE 1 + p % 20 END, 'Comment ' || s || ' on ' || p
FROM generate_series(1, 200) AS p, generate_series(1, 3) AS s;
INSERT INTO label (id, name)
SELECT ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'label ' || i FROM generate_series(1, 5) AS i;
INSERT INTO post_label (post_id, label_id, added_at)
SELECT p, ('00000000-0000-4000-8000-' || lpad((1 + p % 5)::text, 12, '0'))::uuid, timestamptz '2024-01-01 00:00:00+00'
FROM generate_series(1, 200) AS p;
ANALYZE;
