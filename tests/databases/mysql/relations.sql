-- Foreign keys of every shape; names as people and as Prisma give them.
CREATE TABLE author (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(100) NOT NULL UNIQUE);
CREATE TABLE book (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY, title varchar(191) NOT NULL,
  author_id int NOT NULL, editor_id int,
  CONSTRAINT book_author_id_fkey FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT edited_by FOREIGN KEY (editor_id) REFERENCES author (id) ON DELETE SET NULL ON UPDATE CASCADE
);
-- One to one, and an index of its own instead of the engine's.
CREATE TABLE biography (
  id int NOT NULL PRIMARY KEY, author_id int NOT NULL, text longtext,
  UNIQUE KEY biography_author_id_key (author_id),
  CONSTRAINT biography_author_id_fkey FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE
);
-- To itself, and with the engine's own names.
CREATE TABLE category (
  id int NOT NULL PRIMARY KEY, parent_id int, FOREIGN KEY (parent_id) REFERENCES category (id) ON DELETE NO ACTION
);
-- Of several columns, onto a unique key.
CREATE TABLE warehouse (
  country char(2) NOT NULL, number int NOT NULL, label varchar(20) NOT NULL, region int NOT NULL,
  PRIMARY KEY (country, number), UNIQUE KEY by_label (region, label)
);
CREATE TABLE shelf (
  id bigint unsigned NOT NULL PRIMARY KEY, country char(2), number int, region int NOT NULL, label varchar(20) NOT NULL,
  CONSTRAINT shelf_place FOREIGN KEY (country, number) REFERENCES warehouse (country, number) ON DELETE SET NULL ON UPDATE SET NULL,
  CONSTRAINT shelf_label FOREIGN KEY (region, label) REFERENCES warehouse (region, label)
);
-- Prisma's own link table, and one of a person.
CREATE TABLE tag (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(50) NOT NULL);
CREATE TABLE _BookToTag (
  A int NOT NULL, B int NOT NULL,
  UNIQUE INDEX _BookToTag_AB_unique (A, B), INDEX _BookToTag_B_index (B),
  CONSTRAINT _BookToTag_A_fkey FOREIGN KEY (A) REFERENCES book (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT _BookToTag_B_fkey FOREIGN KEY (B) REFERENCES tag (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE author_tag (
  author_id int NOT NULL, tag_id int NOT NULL, PRIMARY KEY (author_id, tag_id), KEY tag_of (tag_id),
  FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE, FOREIGN KEY (tag_id) REFERENCES tag (id)
);
