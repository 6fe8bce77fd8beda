-- What only MariaDB has.
CREATE SEQUENCE numbers START WITH 5;
CREATE TABLE only_mariadb (
  id int NOT NULL PRIMARY KEY DEFAULT (NEXT VALUE FOR numbers),
  ident uuid DEFAULT uuid(), v4 inet4, v6 inet6 DEFAULT '::1',
  computed int DEFAULT (1 + 2), called varchar(36) DEFAULT uuid(), shouted text DEFAULT upper('x')
);
CREATE TABLE history (id int PRIMARY KEY, amount int) WITH SYSTEM VERSIONING;
CREATE TABLE dated (
  id int PRIMARY KEY, amount int,
  valid_from timestamp(6) GENERATED ALWAYS AS ROW START, valid_to timestamp(6) GENERATED ALWAYS AS ROW END,
  PERIOD FOR SYSTEM_TIME (valid_from, valid_to)
) WITH SYSTEM VERSIONING;
