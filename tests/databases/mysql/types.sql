-- Every type, with and without arguments.
CREATE TABLE integers (
  id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tiny tinyint, tiny_u tinyint unsigned,
  flag tinyint(1) NOT NULL DEFAULT 1, flag_off boolean DEFAULT false, flag_u tinyint(1) unsigned,
  counter tinyint(1) DEFAULT 7,
  small smallint DEFAULT -5, small_u smallint unsigned,
  medium mediumint, medium_u mediumint unsigned,
  plain int NOT NULL DEFAULT 42, plain_u int unsigned, wide int(11),
  padded int(5) unsigned zerofill DEFAULT 7, big bigint DEFAULT -9223372036854775808,
  made_year year DEFAULT 1999
) COMMENT 'whole numbers';

CREATE TABLE fractions (
  id int NOT NULL PRIMARY KEY,
  price decimal(10,2) NOT NULL DEFAULT 0.00, plain decimal, long_one decimal(65,30),
  positive decimal(8,3) unsigned DEFAULT 1.500,
  single float DEFAULT 1.5, single_old float(7,4), precise double DEFAULT -0.25, precise_u double unsigned
);

CREATE TABLE texts (
  id char(36) NOT NULL PRIMARY KEY DEFAULT (uuid()),
  fixed char(3) DEFAULT 'abc', name varchar(191) NOT NULL DEFAULT '', long_name varchar(2000),
  quoted varchar(50) DEFAULT 'it''s "a" \\ `b`\nnext', looks_null varchar(10) DEFAULT 'NULL',
  looks_called varchar(30) DEFAULT 'current_timestamp()', bracketed varchar(30) DEFAULT '(a) or (b)',
  tiny tinytext, plain text, medium mediumtext, longest longtext,
  with_default text DEFAULT 'x', computed varchar(20) DEFAULT (concat('a', 'b')),
  latin varchar(20) CHARACTER SET latin1, german varchar(20) COLLATE utf8mb4_german2_ci,
  binary_order varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE byte_strings (
  id binary(16) NOT NULL PRIMARY KEY,
  fixed binary(3) DEFAULT 'abc', vary varbinary(100) DEFAULT 'x''y', digits varbinary(10) DEFAULT x'00ff',
  tiny tinyblob, plain blob, medium mediumblob, longest longblob
);

CREATE TABLE bits (
  id int NOT NULL PRIMARY KEY,
  one bit(1) NOT NULL DEFAULT b'1', implied bit, eight bit(8) DEFAULT b'1010', all_of_them bit(64)
);

CREATE TABLE moments (
  id int NOT NULL PRIMARY KEY,
  day date DEFAULT '2020-02-29', day_of_now date DEFAULT (curdate()),
  at_time time DEFAULT '12:34:56', fine_time time(6),
  at datetime, at_ms datetime(3) DEFAULT CURRENT_TIMESTAMP(3), at_us datetime(6) DEFAULT '2020-01-01 00:00:00.000001',
  stamp timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  stamp_ms timestamp(3) NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(3),
  later datetime DEFAULT (now() + interval 1 day)
);

CREATE TABLE choices (
  id int NOT NULL PRIMARY KEY,
  size enum('small', 'large', 'it''s', '', 'a,b', 'x-y') NOT NULL DEFAULT 'small',
  other enum('small', 'large') DEFAULT 'large' COMMENT 'how large',
  digits enum('1', '2'), tags set('a', 'b''c', 'd') NOT NULL DEFAULT 'a,d'
);

CREATE TABLE documents (
  id int NOT NULL PRIMARY KEY,
  body json NOT NULL DEFAULT '{"a": "it''s"}', maybe json, checked longtext CHECK (json_valid(checked)),
  listed json DEFAULT (json_array()), was json
);
-- MariaDB's check keeps the old name.
ALTER TABLE documents RENAME COLUMN was TO renamed;

CREATE TABLE places (
  id int NOT NULL PRIMARY KEY,
  anything geometry, place point NOT NULL, way linestring, area polygon, places multipoint, ways multilinestring,
  areas multipolygon, all_of_it geometrycollection, SPATIAL INDEX places_place (place)
);

CREATE TABLE generated (
  id int NOT NULL PRIMARY KEY,
  a int, b varchar(20),
  doubled int GENERATED ALWAYS AS (a * 2) VIRTUAL, kept int GENERATED ALWAYS AS ((a + 1) * (a - 1)) STORED,
  label varchar(40) AS (concat(b, '''s')) STORED, hidden int INVISIBLE DEFAULT 3
);
