-- The blog of ../blog.sql on MariaDB, with the same rows. Texts are compared letter by letter, as there; lists
-- are JSON.
CREATE TABLE author (
  id int AUTO_INCREMENT PRIMARY KEY,
  email varchar(200) NOT NULL UNIQUE COMMENT 'Unique address, used to sign in.',
  name text NOT NULL,
  bio text,
  born date,
  settings json NOT NULL DEFAULT '{}',
  created_at datetime(6) NOT NULL DEFAULT now(6)
) COLLATE utf8mb4_bin COMMENT 'People who write.';

-- one-to-one: at most one profile for each author
CREATE TABLE profile (
  id int AUTO_INCREMENT PRIMARY KEY,
  author_id int NOT NULL UNIQUE,
  avatar longblob,
  homepage varchar(200),
  FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE
) COLLATE utf8mb4_bin;

CREATE TABLE post (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  author_id int NOT NULL,
  title varchar(120) NOT NULL,
  body text NOT NULL DEFAULT '',
  state enum('draft', 'in-review', 'published') NOT NULL DEFAULT 'draft',
  rating decimal(4, 2) CHECK (rating BETWEEN 0 AND 10),
  views bigint NOT NULL DEFAULT 0,
  score double,
  is_pinned boolean NOT NULL DEFAULT false,
  tags json NOT NULL DEFAULT '[]',
  published_at datetime(6),
  slug varchar(120) GENERATED ALWAYS AS (lower(replace(title, ' ', '-'))) STORED,
  KEY post_author_idx (author_id, published_at, id),
  FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE
) COLLATE utf8mb4_bin;

-- self relation, composite key on the other side
CREATE TABLE comment (
  post_id bigint NOT NULL,
  seq int NOT NULL,
  reply_to int,
  author_id int,
  body text NOT NULL,
  PRIMARY KEY (post_id, seq),
  FOREIGN KEY (post_id) REFERENCES post (id) ON DELETE CASCADE,
  FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE SET NULL,
  FOREIGN KEY (post_id, reply_to) REFERENCES comment (post_id, seq)
) COLLATE utf8mb4_bin;

CREATE TABLE label (
  id uuid PRIMARY KEY DEFAULT uuid(),
  name varchar(100) NOT NULL UNIQUE
) COLLATE utf8mb4_bin;
CREATE TABLE post_label (
  post_id bigint NOT NULL,
  label_id uuid NOT NULL,
  added_at datetime(6) NOT NULL DEFAULT now(6),
  PRIMARY KEY (post_id, label_id),
  FOREIGN KEY (post_id) REFERENCES post (id) ON DELETE CASCADE,
  FOREIGN KEY (label_id) REFERENCES label (id) ON DELETE CASCADE
) COLLATE utf8mb4_bin;

-- no primary key: reported by name and left out of the API
CREATE TABLE import_log (line text, at datetime(6) DEFAULT now(6));

CREATE VIEW published AS SELECT id, title, published_at FROM post WHERE state = 'published';

INSERT INTO author (email, name, bio, born, settings, created_at)
SELECT concat('author', seq, '@example.test'), concat('Author ', seq), if(seq % 3 = 0, NULL, concat('Bio ', seq)),
       date '1970-01-01' + INTERVAL seq * 100 DAY, json_object('theme', if(seq % 2 = 0, 'dark', 'light')),
       timestamp '2024-01-01 00:00:00' + INTERVAL seq HOUR
FROM seq_1_to_20 ORDER BY seq;
INSERT INTO profile (author_id, avatar, homepage)
SELECT seq, unhex(concat('00ff10', lpad(hex(seq), 2, '0'))), concat('https://example.test/', seq) FROM seq_1_to_19_step_2 ORDER BY seq;
INSERT INTO post (author_id, title, body, state, rating, views, score, is_pinned, tags, published_at)
SELECT 1 + seq % 20, concat('Post number ', seq), concat('Line one', char(10), 'say "hello" \\ ', seq),
       elt(1 + seq % 3, 'draft', 'in-review', 'published'),
       if(seq % 5 = 0, NULL, (seq % 10) + 0.25), 9007199254740993 + seq, seq / 3e0, seq % 10 = 0,
       if(seq % 4 = 0, '[]', json_array(concat('tag', seq % 7), 'näive', NULL)),
       if(seq % 3 = 2, timestamp '2024-06-01 12:00:00.123456' + INTERVAL seq MINUTE, NULL)
FROM seq_1_to_200 ORDER BY seq;
INSERT INTO comment (post_id, seq, reply_to, author_id, body)
SELECT p.seq, s.seq, if(s.seq > 1, 1, NULL), if(s.seq % 2 = 0, NULL, 1 + p.seq % 20), concat('Comment ', s.seq, ' on ', p.seq)
FROM seq_1_to_200 AS p, seq_1_to_3 AS s ORDER BY s.seq, p.seq;
INSERT INTO label (id, name) SELECT concat('00000000-0000-4000-8000-', lpad(seq, 12, '0')), concat('label ', seq) FROM seq_1_to_5;
INSERT INTO post_label (post_id, label_id, added_at)
SELECT seq, concat('00000000-0000-4000-8000-', lpad(1 + seq % 5, 12, '0')), '2024-01-01 00:00:00' FROM seq_1_to_200;
ANALYZE TABLE author, profile, post, comment, label, post_label;
