-- upgrade base -> c3, for sqlite, written by rev 0.0.0 (script format 1)
-- run with: sqlite3 -bail -batch DATABASE < FILE
-- version table: rev_version
-- Leave .bail on where it is: SQLite goes on after an error, even in a transaction, and cannot tell of it afterwards.
-- Not with -safe, which forbids ATTACH: the lock lies in a file beside the database.
-- revisions: 3
--   a1  add customers
--       versions/a1_add_customers.ts sha256:d2bf90978d511fd9e27e996128e871840fc6230e03e55823c265ebaca89075b4
--   b2  customers have a country, and may have no name
--       versions/b2_customers_have_a_country_and_may_have_no_name.ts sha256:71cd48cfcff5b5a8218292f111c3808c41262030199058bac1d3e58b42192f01
--   c3  find customers by country, in less space
--       versions/c3_find_customers_by_country_in_less_space.ts sha256:4d4f8c8395b9c7fc7220f070e0116f204a0b9a2f61e1a0fb7bc700c650984fe3
-- sha256 of everything below this line: ...

;
.bail on
.timeout 5000
.dbconfig dqs_dml off
.dbconfig dqs_ddl off
PRAGMA legacy_alter_table = OFF;
PRAGMA recursive_triggers = OFF;
PRAGMA ignore_check_constraints = OFF;
PRAGMA foreign_keys = ON;

-- What the script keeps for itself, in memory.
ATTACH ':memory:' AS rev_script;
CREATE TABLE rev_script.rev_run AS SELECT lower(
  hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' ||
  substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))
) AS run_id;
CREATE TABLE rev_script.rev_begun (started_at TEXT, schema_version INTEGER, is_open INTEGER);
CREATE TABLE rev_script.rev_orphan (child TEXT, parent TEXT, n INTEGER);
-- Empty, for a database that has no table of this name: the guard asks it then.
CREATE TABLE rev_script."rev_step" (revision TEXT, state TEXT);
CREATE TABLE rev_script.rev_proof (
  what TEXT PRIMARY KEY,
  is_whole INTEGER CONSTRAINT "rev: something in this step has failed" CHECK (is_whole),
  is_swapped INTEGER CONSTRAINT "rev: version table rev_version has changed under this script" CHECK (is_swapped),
  no_orphans INTEGER CONSTRAINT "rev: a step would leave rows whose parents do not exist (foreign keys)" CHECK (no_orphans),
  is_at_step INTEGER CONSTRAINT "rev: something above has failed, or the version rows have changed" CHECK (is_at_step),
  has_lock INTEGER CONSTRAINT "rev: another run of rev, or of a script, has the lock of this database" CHECK (has_lock),
  are_seen INTEGER CONSTRAINT "rev: a temporary table hides one of rev_version, rev_event, rev_step" CHECK (are_seen),
  is_empty INTEGER CONSTRAINT "rev: the database holds tables, but no version table rev_version: say where it stands (rev stamp), or run everything on top of it (rev upgrade --allow-non-empty)" CHECK (is_empty),
  is_at_start INTEGER CONSTRAINT "rev: this script starts at base, but the database is not there (see the line above)" CHECK (is_at_start),
  is_finished INTEGER CONSTRAINT "rev: a revision was begun and is not finished; rev status says how to go on with it" CHECK (is_finished),
  answer_2 INTEGER CONSTRAINT "rev: b2 was written for a database that answers SELECT type, sql FROM sqlite_master WHERE (type='table' OR (type='index' AND ... otherwise" CHECK (answer_2)
);
CREATE TABLE rev_script.rev_need (what TEXT REFERENCES rev_proof DEFERRABLE INITIALLY DEFERRED);

-- The lock of an online run: a file beside the database. "database is locked" means that another run has it.
CREATE TABLE rev_script.rev_lock_file AS SELECT CASE file WHEN '' THEN ':memory:' ELSE file || '-rev-lock' END AS file
  FROM pragma_database_list WHERE name = 'main';
SELECT 'rev: takes the lock ' || file FROM rev_script.rev_lock_file;
ATTACH (SELECT file FROM rev_script.rev_lock_file) AS rev_lock;
PRAGMA rev_lock.synchronous = OFF;
CREATE TABLE IF NOT EXISTS rev_lock.rev_holder (one INTEGER PRIMARY KEY, run_id TEXT);
BEGIN;
REPLACE INTO rev_lock.rev_holder SELECT 1, run_id FROM rev_script.rev_run;
PRAGMA rev_lock.locking_mode = EXCLUSIVE;
COMMIT;

-- Guard. What has to be proven stands in rev_need, and a foreign key lets no COMMIT through before it stands in
-- rev_proof, too: a client that goes on after an error stays in a transaction that it cannot commit.
BEGIN IMMEDIATE;
-- A transaction even where BEGIN has failed.
SAVEPOINT rev_guard;
INSERT INTO rev_script.rev_need VALUES ('lock'), ('seen'), ('empty'), ('start'), ('finished'), ('answer_2');
INSERT INTO rev_script.rev_proof (what, has_lock)
  VALUES ('lock', (SELECT run_id FROM rev_lock.rev_holder) IS (SELECT run_id FROM rev_script.rev_run));
INSERT INTO rev_script.rev_proof (what, are_seen)
  VALUES ('seen', NOT EXISTS (SELECT 1 FROM temp.sqlite_master WHERE name COLLATE NOCASE IN ('rev_version', 'rev_event', 'rev_step')));
INSERT INTO rev_script.rev_proof (what, is_empty)
  VALUES ('empty', EXISTS (SELECT 1 FROM pragma_table_info('rev_version', 'main')) OR NOT EXISTS (
    SELECT 1 FROM (select name from sqlite_master where type = 'table' and substr(name, 1, 7) <> 'sqlite_' order by name)
    WHERE name NOT IN ('rev_version', 'rev_event', 'rev_lock', 'rev_meta', 'rev_step', 'rev_seed', 'rev_row')));
CREATE TABLE IF NOT EXISTS "rev_version" (version_num varchar(255) not null, constraint "rev_version_pkc" primary key (version_num));
SELECT 'rev: this script starts at base, but ' ||
  (SELECT CASE file WHEN '' THEN 'the database in memory' ELSE 'database "' || file || '"' END
    FROM pragma_database_list WHERE name = 'main') || ' is at ' || ifnull(rows, 'base')
  FROM (SELECT (
    SELECT group_concat(ifnull(version_num, 'NULL'), ' ')
    FROM (SELECT version_num FROM "rev_version" ORDER BY version_num COLLATE BINARY)) AS rows) WHERE rows IS NOT NULL;
INSERT INTO rev_script.rev_proof (what, is_at_start)
  VALUES ('start', (
    SELECT group_concat(ifnull(version_num, 'NULL'), ' ')
    FROM (SELECT version_num FROM "rev_version" ORDER BY version_num COLLATE BINARY)) IS NULL);
SELECT 'rev: revision ' || revision || ' was begun and is not finished; rev status says how to go on with it'
  FROM (SELECT min(revision) AS revision FROM (SELECT * FROM "rev_step" WHERE EXISTS (SELECT 1 FROM pragma_table_info('rev_step', 'main'))) WHERE state <> 'failed') WHERE revision IS NOT NULL;
INSERT INTO rev_script.rev_proof (what, is_finished)
  VALUES ('finished', NOT EXISTS (SELECT 1 FROM (SELECT * FROM "rev_step" WHERE EXISTS (SELECT 1 FROM pragma_table_info('rev_step', 'main'))) WHERE state <> 'failed'));
INSERT INTO rev_script.rev_proof (what, answer_2)
  VALUES ('answer_2', (SELECT count(*) || ' rows' || coalesce(': ' || replace(replace(replace(group_concat(rev_r.v, ' '), char(92), char(92, 92)), char(10), char(92, 110)), char(13), char(92, 114)), '') FROM (SELECT '(' || quote(rev_q."type") || ',' || quote(rev_q."sql") || ')' AS v FROM (SELECT type, sql FROM sqlite_master WHERE (type='table' OR (type='index' AND sql IS NOT NULL)) AND lower(tbl_name)='customers') rev_q ORDER BY v) rev_r) IS '0 rows');
INSERT INTO rev_script.rev_proof (what) SELECT 'guard'
  WHERE NOT EXISTS (SELECT what FROM rev_script.rev_need EXCEPT SELECT what FROM rev_script.rev_proof);
INSERT INTO rev_script.rev_orphan
  SELECT "table" AS child, parent, count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2;
CREATE TABLE IF NOT EXISTS "rev_event" (run_id varchar(64) not null, seq integer not null, what varchar(32) not null, revision text, outcome varchar(16) not null, rows_before text, rows_after text, checksum text, statements integer, failed_statement integer, error text, started_at text not null, finished_at text, milliseconds integer, database_user text, os_user text, host text, process_id integer, tool_version varchar(64), git_commit varchar(64), reason text, constraint "rev_event_pkc" primary key (run_id, seq));
INSERT INTO "rev_event" (
  run_id, seq, what, outcome, rows_before, rows_after, tool_version, started_at
)
  SELECT run_id, 1, 'upgrade', 'started', '', '', '0.0.0', strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
  FROM rev_script.rev_run;
COMMIT;

-- ===== (1/3) upgrade base -> a1, add customers =====
PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

INSERT INTO rev_script.rev_begun SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), schema_version, 1
  FROM pragma_schema_version, rev_script.rev_proof WHERE what = 'guard';

create table `customers` (`id` integer not null primary key autoincrement, `name` varchar(100) not null);

CREATE TRIGGER no_empty_names BEFORE INSERT ON customers BEGIN SELECT 1; END;

INSERT OR ROLLBACK INTO rev_script.rev_proof (is_whole)
  VALUES ((SELECT ifnull(schema_version >= (SELECT schema_version FROM rev_script.rev_begun) + 2, 0) FROM pragma_schema_version));
INSERT INTO "rev_version" (version_num) SELECT 'a1' WHERE EXISTS (SELECT 1 FROM rev_script.rev_begun WHERE is_open);
INSERT OR ROLLBACK INTO rev_script.rev_proof (is_swapped) VALUES (changes() = 1);
INSERT INTO "rev_event" (
  run_id, seq, what, revision, outcome, rows_before, rows_after, checksum, statements, tool_version, started_at,
  finished_at, milliseconds
)
  SELECT run_id, 2, 'upgrade', 'a1', 'done', '', 'a1',
    'sha256:d2bf90978d511fd9e27e996128e871840fc6230e03e55823c265ebaca89075b4 code:100f02f297ac3ef9bbca71fb7bccb5348aad9da74e604047c7da1f224ef0891c ts',
    2, '0.0.0', started_at, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
    CAST(round((julianday('now') - julianday(started_at)) * 86400000) AS INTEGER)
  FROM rev_script.rev_run, rev_script.rev_begun WHERE is_open;
DELETE FROM rev_script.rev_begun;

COMMIT;

-- ===== (2/3) upgrade a1 -> b2, customers have a country, and may have no name =====

BEGIN IMMEDIATE;

INSERT INTO rev_script.rev_begun SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), schema_version, 1
  FROM pragma_schema_version, rev_script.rev_proof WHERE what = 'guard';

alter table `customers` add column `country` varchar(2);

update `customers` set `country` = 'DE' where `country` is null;

SAVEPOINT rev_1;

CREATE TABLE rev_script.rev_answer_1 AS SELECT 1 AS "rev: b2 was written for a database that answers SELECT type, sql FROM sqlite_master WHERE (type='table' OR (type='index' AND ... otherwise"
  FROM (SELECT 1 UNION ALL SELECT 2) WHERE NOT ((SELECT count(*) || ' rows' || coalesce(': ' || replace(replace(replace(group_concat(rev_r.v, ' '), char(92), char(92, 92)), char(10), char(92, 110)), char(13), char(92, 114)), '') FROM (SELECT '(' || quote(rev_q."type") || ',' || quote(rev_q."sql") || ')' AS v FROM (SELECT type, sql FROM sqlite_master WHERE (type='table' OR (type='index' AND sql IS NOT NULL)) AND lower(tbl_name)='customers') rev_q ORDER BY v) rev_r) IS '1 rows: (''table'',''CREATE TABLE `customers` (`id` integer not null primary key autoincrement, `name` varchar(100) not null, `country` varchar(2))'')');
CREATE UNIQUE INDEX rev_script.rev_answer_1_holds ON rev_answer_1 ("rev: b2 was written for a database that answers SELECT type, sql FROM sqlite_master WHERE (type='table' OR (type='index' AND ... otherwise");

RELEASE SAVEPOINT rev_1;

SAVEPOINT rev_2;

CREATE TABLE `_knex_temp_alter1000` (`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL, `name` varchar(100), `country` varchar(2));

CREATE TABLE rev_script.rev_triggers_1 AS SELECT 1 AS "rev: the triggers of customers are not those that b2 would put back"
  FROM (SELECT 1 UNION ALL SELECT 2) WHERE NOT ((SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = lower('customers') ORDER BY name COLLATE BINARY)) IS 'CREATE TRIGGER no_empty_names BEFORE INSERT ON customers BEGIN SELECT 1; END');
CREATE UNIQUE INDEX rev_script.rev_triggers_1_holds ON rev_triggers_1 ("rev: the triggers of customers are not those that b2 would put back");

CREATE TABLE rev_script.rev_mark_1 AS
  SELECT seq FROM sqlite_sequence WHERE lower(name) = lower('customers');

INSERT INTO "_knex_temp_alter1000" SELECT * FROM "customers";

CREATE TABLE rev_script.rev_copy_1 AS SELECT 1 AS "rev: the table customers was not copied whole"
  FROM (SELECT 1 UNION ALL SELECT 2) WHERE NOT ((SELECT count(*) FROM "_knex_temp_alter1000") = (SELECT count(*) FROM "customers"));
CREATE UNIQUE INDEX rev_script.rev_copy_1_holds ON rev_copy_1 ("rev: the table customers was not copied whole");

DROP TABLE "customers";

PRAGMA legacy_alter_table = ON;

ALTER TABLE "_knex_temp_alter1000" RENAME TO "customers";

PRAGMA legacy_alter_table = OFF;

CREATE TRIGGER no_empty_names BEFORE INSERT ON customers BEGIN SELECT 1; END;

INSERT INTO sqlite_sequence (name, seq) SELECT 'customers', seq FROM rev_script.rev_mark_1
  WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE lower(name) = lower('customers'));
UPDATE sqlite_sequence SET seq = (SELECT seq FROM rev_script.rev_mark_1)
  WHERE name = 'customers' AND seq < (SELECT seq FROM rev_script.rev_mark_1);
DROP TABLE rev_script.rev_mark_1;

RELEASE SAVEPOINT rev_2;

INSERT OR ROLLBACK INTO rev_script.rev_proof (is_whole)
  VALUES ((SELECT ifnull(schema_version >= (SELECT schema_version FROM rev_script.rev_begun) + 5, 0) FROM pragma_schema_version)
  AND (SELECT count(*) FROM rev_script.sqlite_master WHERE name IN ('rev_answer_1_holds', 'rev_triggers_1_holds', 'rev_copy_1_holds')) = 3);
INSERT OR ROLLBACK INTO rev_script.rev_proof (no_orphans)
  VALUES (NOT EXISTS (SELECT 1 FROM (
    SELECT "table" AS child, parent, count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2
  ) AS now WHERE n > ifnull((
    SELECT n FROM rev_script.rev_orphan AS old WHERE old.child = now.child AND old.parent = now.parent), 0)));
DELETE FROM rev_script.rev_orphan;
INSERT INTO rev_script.rev_orphan
  SELECT "table" AS child, parent, count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2;
UPDATE "rev_version" SET version_num = 'b2' WHERE version_num = 'a1' AND EXISTS (SELECT 1 FROM rev_script.rev_begun WHERE is_open);
INSERT OR ROLLBACK INTO rev_script.rev_proof (is_swapped) VALUES (changes() = 1);
INSERT INTO "rev_event" (
  run_id, seq, what, revision, outcome, rows_before, rows_after, checksum, statements, tool_version, started_at,
  finished_at, milliseconds
)
  SELECT run_id, 3, 'upgrade', 'b2', 'done', 'a1', 'b2',
    'sha256:71cd48cfcff5b5a8218292f111c3808c41262030199058bac1d3e58b42192f01 code:327c2d1fce627424c25eb0f56f9b922ee9a37eebcc0c6c48e1effcff7dd020e9 ts',
    8, '0.0.0', started_at, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
    CAST(round((julianday('now') - julianday(started_at)) * 86400000) AS INTEGER)
  FROM rev_script.rev_run, rev_script.rev_begun WHERE is_open;
DELETE FROM rev_script.rev_begun;

COMMIT;

-- ===== (3/3) upgrade b2 -> c3, find customers by country, in less space [no transaction] =====
-- What follows is not rolled back, so it needs everything above to have worked.
PRAGMA foreign_keys = ON;
BEGIN;
INSERT INTO rev_script.rev_need VALUES ('step 3.1');
INSERT INTO rev_script.rev_proof (what, is_at_step)
  VALUES ('step 3.1', EXISTS (SELECT 1 FROM rev_script.rev_proof WHERE what = 'guard')
  AND (
    SELECT group_concat(ifnull(version_num, 'NULL'), ' ')
    FROM (SELECT version_num FROM "rev_version" ORDER BY version_num COLLATE BINARY)) IS 'b2');
INSERT INTO rev_script.rev_begun SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), schema_version, 0
  FROM pragma_schema_version, rev_script.rev_proof WHERE what = 'guard';
COMMIT;

VACUUM;

CREATE INDEX customers_country ON customers (country);

BEGIN IMMEDIATE;

UPDATE rev_script.rev_begun SET is_open = 1;

INSERT OR ROLLBACK INTO rev_script.rev_proof (is_whole)
  VALUES ((SELECT ifnull(schema_version >= (SELECT schema_version FROM rev_script.rev_begun) + 1, 0) FROM pragma_schema_version));
UPDATE "rev_version" SET version_num = 'c3' WHERE version_num = 'b2' AND EXISTS (SELECT 1 FROM rev_script.rev_begun WHERE is_open);
INSERT OR ROLLBACK INTO rev_script.rev_proof (is_swapped) VALUES (changes() = 1);
INSERT INTO "rev_event" (
  run_id, seq, what, revision, outcome, rows_before, rows_after, checksum, statements, tool_version, started_at,
  finished_at, milliseconds
)
  SELECT run_id, 4, 'upgrade', 'c3', 'done', 'b2', 'c3',
    'sha256:4d4f8c8395b9c7fc7220f070e0116f204a0b9a2f61e1a0fb7bc700c650984fe3 code:22c86bc5cdcf950c2f739803c45328c3f9598e0d4b4bb42df1627d3e434c7fe1 ts',
    2, '0.0.0', started_at, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
    CAST(round((julianday('now') - julianday(started_at)) * 86400000) AS INTEGER)
  FROM rev_script.rev_run, rev_script.rev_begun WHERE is_open;
INSERT INTO "rev_event" (
  run_id, seq, what, outcome, rows_before, rows_after, tool_version, started_at, finished_at
)
  SELECT run_id, 5, 'upgrade', 'done', '', 'c3', '0.0.0', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
    strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
  FROM rev_script.rev_run, rev_script.rev_begun WHERE is_open;
DELETE FROM rev_script.rev_begun;

COMMIT;

SELECT CASE WHEN EXISTS (SELECT what FROM rev_script.rev_need EXCEPT SELECT what FROM rev_script.rev_proof)
  OR NOT EXISTS (SELECT 1 FROM rev_script.rev_proof WHERE what = 'guard')
  THEN 'rev: something above failed, and nothing after it is kept'
  ELSE 'rev: ' || (SELECT CASE file WHEN '' THEN 'the database in memory' ELSE 'database "' || file || '"' END
    FROM pragma_database_list WHERE name = 'main') || ' is now at ' ||
    ifnull((
    SELECT group_concat(ifnull(version_num, 'NULL'), ' ')
    FROM (SELECT version_num FROM "rev_version" ORDER BY version_num COLLATE BINARY)), 'base') END;
DETACH rev_lock;
DETACH rev_script;
