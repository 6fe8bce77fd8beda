-- Indexes of every kind, checks, views, partitions, comments, other engines; what the schema language cannot say.
CREATE TABLE indexed (
  id int NOT NULL, code varchar(40) NOT NULL, title varchar(500), body text, payload blob, a int, b int,
  PRIMARY KEY (id),
  UNIQUE KEY indexed_code_key (code), UNIQUE KEY short_title (title(100), a), UNIQUE KEY pair (a, b),
  KEY indexed_a_idx (a), KEY mine (b, a), KEY newest (a, b DESC), KEY long_text (body(50), payload(20)),
  FULLTEXT KEY indexed_title_body_idx (title, body), FULLTEXT KEY words (body)
) COMMENT 'what people search';
CREATE TABLE prefixed (name varchar(255) NOT NULL COMMENT 'the first 32 letters', PRIMARY KEY (name(32)));
CREATE TABLE in_memory (id int NOT NULL PRIMARY KEY, a int, b int, KEY hashed (a) USING HASH, KEY sorted (b) USING BTREE) ENGINE = MEMORY;
CREATE TABLE checked (
  id int NOT NULL PRIMARY KEY, price int NOT NULL CHECK (price > 0), low int, high int, `is odd` int,
  CONSTRAINT in_order CHECK (low < high), CONSTRAINT odd CHECK (`is odd` % 2 = 1 or price in (1, 2))
);
CREATE TABLE measured (
  id int NOT NULL, taken datetime NOT NULL, value int, PRIMARY KEY (id, taken)
) PARTITION BY RANGE (year(taken)) (
  PARTITION old VALUES LESS THAN (2020), PARTITION recent VALUES LESS THAN (2030), PARTITION later VALUES LESS THAN MAXVALUE
);
CREATE TABLE unkeyed (a int, b varchar(10));
CREATE TABLE nullable_key (a int UNIQUE, b varchar(10));
CREATE VIEW dear AS SELECT id, price, concat('no. ', id) AS label FROM checked WHERE price > 100;
CREATE TABLE lower_collation (id int NOT NULL PRIMARY KEY, a varchar(10), b varchar(10) COLLATE utf8mb4_bin)
  DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
