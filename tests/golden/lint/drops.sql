-- tenon: approve drop-column
ALTER TABLE "big" DROP COLUMN "title";
ALTER TABLE "big"
  DROP COLUMN "title",
  ADD COLUMN "subtitle" TEXT;
DROP VIEW v;
DROP TYPE status CASCADE;
DROP TYPE status;
DROP SCHEMA old CASCADE;
DROP INDEX "big_title_idx";
DROP INDEX CONCURRENTLY "big_amount_idx";
DROP FUNCTION f(int);
DROP EXTENSION citext CASCADE;
TRUNCATE small;
TRUNCATE vacant CASCADE;
DELETE FROM small;
DELETE FROM small WHERE title = 'x';
DELETE FROM big USING small WHERE big.title = small.title;
WITH gone AS (DELETE FROM big RETURNING *) INSERT INTO small SELECT * FROM gone;
-- DropTable
DROP TABLE "big";
DROP TABLE IF EXISTS small, vacant, absent;
