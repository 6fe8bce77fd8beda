-- tenon: expand column "big"."title" to "headline"
-- tenon: expand table "middle" to "center"
ALTER TABLE big ADD headline text;
ALTER TABLE middle RENAME TO center;
ALTER TABLE big ALTER headline SET NOT NULL;
DROP FUNCTION "_tenon_sync_big_amount"();
-- what is not kept equal
ALTER TABLE big ADD other text;
ALTER TABLE big ALTER other SET NOT NULL;
ALTER TABLE small RENAME TO little;
DROP FUNCTION mine();
