-- Names that break generators: quotes, spaces, keywords, other scripts, percent signs, the longest possible.
CREATE SCHEMA "my schema";
CREATE SCHEMA "quote""schema";
CREATE TYPE "my schema"."enum ""one" AS ENUM ('a', 'B', 'with space', 'quote''d', 'ünï', '"');
CREATE TABLE "select" ("from" integer PRIMARY KEY, "where" text, "group by" text, "Order" text, "ORDER" text);
CREATE TABLE "my schema"."quo""ted" ("a""b" integer PRIMARY KEY, "c d" text DEFAULT 'x', "e" "my schema"."enum ""one") ;
CREATE TABLE "1st" ("1" integer PRIMARY KEY, "$" text, "%s" text, "{}" text, "a.b" text, "back\slash" text, "'" text);
CREATE TABLE "Straße" ("größe" integer PRIMARY KEY, "名前" text, "имя" text, "😀" text);
CREATE TABLE "_" ("_" integer PRIMARY KEY, "__typename" text, "__" text);
CREATE TABLE abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz12345678901
  (abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz12345678901 integer PRIMARY KEY);
CREATE TABLE "User" (id integer PRIMARY KEY, "userName" text UNIQUE);
CREATE TABLE "user" (id integer PRIMARY KEY, "User" integer REFERENCES "User");
CREATE TABLE "quote""schema"."User" (id serial PRIMARY KEY, "ref to" integer CONSTRAINT "fk ""q" REFERENCES "my schema"."quo""ted" ("a""b"));
CREATE TABLE "async" (id integer PRIMARY KEY, "constructor" text, "true" boolean, "null" text);
CREATE TABLE "multi
line" ("tab	col" integer PRIMARY KEY);
CREATE SEQUENCE "my schema"."se ""q";
CREATE TABLE "my schema".uses_sequence (id integer PRIMARY KEY DEFAULT nextval('"my schema"."se ""q"'));
CREATE INDEX "idx ""q" ON "my schema"."quo""ted" ("c d", lower("c d"));
COMMENT ON TABLE "select" IS 'a comment with ''quotes'', "double" and
a second line';
COMMENT ON COLUMN "select"."from" IS '*/ -- {} $1';
