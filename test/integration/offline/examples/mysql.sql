-- upgrade base -> c3, for mysql, written by rev 0.0.0 (script format 1)
-- run with: mariadb --comments DATABASE < FILE (or mysql)
-- version table: rev_version
-- Each change of the schema is committed by itself: a failure half way is not rolled back. The version rows tell which
-- revisions are whole; put the one that failed right by hand before you go on.
-- One of which something is in the database has a row in rev_step, and nothing goes on until that is gone: rev repair
-- takes it out, as --applied or --reverted, or you do.
-- Lines with @rev_go: when the statement above has failed, the session is read-only from there on, and a transaction that
-- is open is not committed. So even a client that ignores errors does nothing more, but for rows of tables without
-- transactions until that one ends.
-- revisions: 3
--   a1  add customers
--       versions/a1_add_customers.ts sha256:5ef0b149d0e8c3fc466aa2ba2df1072ec414c2100a89158f4d1da09c1e5f5568
--   b2  customers have a country
--       versions/b2_customers_have_a_country.ts sha256:0240a67b46df0deefbf596dbbcc7332c8ba193240fa3e8b8695bc1aa3dc35501
--   c3  no customer without a name
--       versions/c3_no_customer_without_a_name.ts sha256:a76e2eed86158185af988277c553c8ef39b8ff0e25e3e557dbb88708c8f13339
-- sha256 of everything below this line: ...

-- Read-only until everything is proven: so nothing is changed even by a client that ignores errors.
SET SESSION completion_type = 0;
COMMIT;
SET @rev_do = IF(VERSION() LIKE '%MariaDB%', 'SET @rev_closed = @@SESSION.tx_read_only', 'SET @rev_closed = @@SESSION.transaction_read_only'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET SESSION TRANSACTION READ ONLY;
SET SESSION autocommit = 1, SESSION lock_wait_timeout = 60, SESSION group_concat_max_len = 1048576;
SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci;
SET SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', IF(@@GLOBAL.init_connect LIKE '%sql_mode%', @@SESSION.sql_mode, @@GLOBAL.sql_mode), ',IGNORE_SPACE,'), ',NO_BACKSLASH_ESCAPES,', ','));

-- Lock, server and version rows are looked at; only if all is as it must be, the session may write.
SET @rev_go = NULL, @rev_rows = NULL, @rev_at = NULL, @rev_moment = @@timestamp, @rev_why = 'rev: the database could not be looked at';
SET @rev_lock = concat('rev:', left(sha2(concat(lower(IFNULL(DATABASE(), '')), '.', 'rev_version'), 256), 40));
SET @rev_locked = GET_LOCK(@rev_lock, 10);
SET @rev_has = (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'rev_version' AND column_name = 'version_num');
SET @rev_do = IF(@rev_has = 1, 'SELECT COUNT(*), GROUP_CONCAT(id ORDER BY id SEPARATOR '', '') INTO @rev_rows, @rev_at FROM (SELECT IFNULL(CONVERT(version_num USING utf8mb4) COLLATE utf8mb4_bin, ''(NULL)'') AS id FROM `rev_version`) AS version_rows', 'DO 0'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_set = 'what cannot be read';
SET @rev_do = CONCAT('SELECT GROUP_CONCAT(LOWER(variable_name) ORDER BY variable_name SEPARATOR '', '') INTO @rev_set FROM ', IF(VERSION() LIKE '%MariaDB%', 'information_schema.system_variables WHERE session_value <> global_value',
  'performance_schema.session_variables AS s JOIN performance_schema.global_variables AS g USING (variable_name) WHERE s.variable_value <> g.variable_value'),
  ' AND LOCATE(LOWER(variable_name), LOWER(IFNULL(@@GLOBAL.init_connect, ''''))) = 0 AND LOWER(variable_name) IN (''auto_increment_increment'',
  ''auto_increment_offset'', ''character_set_collations'', ''character_set_filesystem'', ''check_constraint_checks'',
  ''collation_server'', ''default_collation_for_utf8mb4'', ''default_regex_flags'', ''default_storage_engine'',
  ''default_table_encryption'', ''default_tmp_storage_engine'', ''default_week_format'', ''div_precision_increment'',
  ''enforce_storage_engine'', ''explicit_defaults_for_timestamp'', ''foreign_key_checks'', ''innodb_default_encryption_key_id'',
  ''innodb_strict_mode'', ''lc_time_names'', ''max_sort_length'', ''old_mode'', ''restrict_fk_on_non_standard_key'',
  ''sql_auto_is_null'', ''sql_big_selects'', ''sql_generate_invisible_primary_key'', ''sql_if_exists'',
  ''sql_require_primary_key'', ''sql_safe_updates'', ''system_versioning_alter_history'', ''system_versioning_asof'',
  ''system_versioning_insert_history'', ''time_zone'', ''transaction_isolation'', ''tx_isolation'',
  ''unique_checks'', ''updatable_views_with_limit'')'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_set = IF(@@timestamp = @rev_moment, CONCAT_WS(', ', @rev_set, 'timestamp'), @rev_set);
SET @rev_open = NULL;
SET @rev_do = IF((SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'rev_step') = 1, 'SELECT MIN(revision) INTO @rev_open FROM `rev_step` WHERE state <> ''failed''', 'DO 0'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_tables = (SELECT LEFT(GROUP_CONCAT(name ORDER BY name SEPARATOR ', '), 200) FROM (select table_name as name from information_schema.tables where table_schema = DATABASE() and table_type = 'BASE TABLE' order by table_name) AS all_tables WHERE name NOT IN ('rev_version', 'rev_event', 'rev_lock', 'rev_meta', 'rev_step', 'rev_seed', 'rev_row'));
SET @rev_why = CASE
  WHEN DATABASE() IS NULL
    THEN 'no database is chosen; name it when the client is started'
  WHEN IFNULL(@rev_closed, 1) <> 0
    THEN 'this session is read-only, as a script leaves it that has failed; run this one in a new session'
  WHEN @rev_set IS NOT NULL
    THEN CONCAT('the client has set ', @rev_set, ' for this session, which a run would not; run it in a session of its own, without init-command and safe-updates; what a revision needs it has to set itself')
  WHEN @@SESSION.collation_connection <> 'utf8mb4_unicode_ci'
    THEN 'the server does not know the collation utf8mb4_unicode_ci'
  WHEN CONCAT(@@GLOBAL.read_only) NOT IN ('0', 'OFF') OR CONCAT(@@GLOBAL.innodb_read_only) NOT IN ('0', 'OFF')
    THEN 'the server is a replica or set read-only (read_only)'
  WHEN IFNULL(@rev_locked, 0) <> 1
    THEN CONCAT('another run holds the lock (connection ', IFNULL(IS_USED_LOCK(@rev_lock), 'unknown'), ')')
  WHEN @rev_has = 1 AND @rev_rows IS NULL
    THEN 'the table rev_version cannot be read'
  WHEN @rev_has = 1 AND NOT (@rev_rows = 0)
    THEN CONCAT('this script starts at base, but database "', DATABASE(), '" is at ', IFNULL(@rev_at, 'base'))
  WHEN @rev_has = 0 AND @rev_tables IS NOT NULL
    THEN CONCAT('this script starts at base, but database "', DATABASE(), '" has no table rev_version, but others: ', @rev_tables)
  WHEN @rev_open IS NOT NULL
    THEN CONCAT('revision ', @rev_open, ' was begun and is not finished; rev status says how to go on with it')
  WHEN @rev_has = 1 AND (SELECT character_maximum_length FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'rev_version' AND column_name = 'version_num') < 2
    THEN 'rev_version has no room for "a1" (2 characters); run once: alter table `rev_version` modify version_num varchar(255) not null'
END;
SET @rev_why = IF(@rev_why IS NULL, NULL, CONCAT('rev: ', @rev_why));
SET @rev_do = IF(@rev_why IS NULL, 'DO 0', 'SELECT @rev_why AS rev'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_name = IF(@rev_why LIKE '% is at %', CONCAT('rev: need base, is ', LEFT(IFNULL(@rev_at, 'base'), 24)), IF(CHAR_LENGTH(@rev_why) > 64, CONCAT(LEFT(@rev_why, 61), '...'), @rev_why));
SET @rev_do = IF(@rev_why IS NULL, 'SET SESSION TRANSACTION READ WRITE', CONCAT('SELECT * FROM `', REPLACE(TRIM(@rev_name), '`', ''''), '`')); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_go = IF(@rev_why IS NULL, 'DO 0', NULL);
SET SESSION group_concat_max_len = @@GLOBAL.group_concat_max_len;

CREATE TABLE IF NOT EXISTS `rev_version` (version_num varchar(255) character set ascii collate ascii_bin not null, constraint `rev_version_pkc` primary key (version_num));
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
CREATE TABLE IF NOT EXISTS `rev_step` (revision varchar(255) character set ascii collate ascii_bin not null, direction varchar(16) not null, number integer not null, state varchar(16) not null, hash varchar(80) not null, statement longtext not null, looked longtext, answer longtext, error longtext, checksum varchar(255), run_id varchar(64) not null, session_id varchar(64), started_at datetime(3) not null, finished_at datetime(3), constraint `rev_step_pkc` primary key (revision, direction, number)) engine = InnoDB default character set utf8mb4;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
CREATE TABLE IF NOT EXISTS `rev_event` (
  run_id varchar(64) character set ascii not null,
  seq integer not null,
  what varchar(32) not null,
  revision varchar(255),
  outcome varchar(16) not null,
  rows_before longtext,
  rows_after longtext,
  checksum varchar(255),
  statements integer,
  failed_statement integer,
  error longtext,
  started_at datetime(3) not null,
  finished_at datetime(3),
  milliseconds integer,
  database_user varchar(255),
  os_user varchar(255),
  host varchar(255),
  process_id integer,
  tool_version varchar(64),
  git_commit varchar(64),
  reason longtext,
  constraint `rev_event_pkc` primary key (run_id, seq)
) DEFAULT CHARACTER SET utf8mb4;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

-- May this user change the rows of rev itself? These change none.
INSERT INTO `rev_version` (version_num) SELECT version_num FROM `rev_version` WHERE version_num = '';
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
UPDATE `rev_version` SET version_num = version_num WHERE version_num = '';
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
INSERT INTO `rev_step` (revision, direction, number, state, hash, statement, checksum, run_id, started_at) SELECT revision, direction, number, state, hash, statement, checksum, run_id, started_at FROM `rev_step` WHERE 1 = 0;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
DELETE FROM `rev_step` WHERE revision = '' AND number = 0;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

SET @rev_run = UUID(), @rev_user = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())));
INSERT INTO `rev_event`
  (run_id, seq, what, revision, outcome,
   rows_before, rows_after, checksum, statements, tool_version,
   database_user, started_at, finished_at, milliseconds)
VALUES
  (@rev_run, 1, 'upgrade', NULL, 'started',
   '', '', NULL, NULL, '0.0.0',
   @rev_user, UTC_TIMESTAMP(3), NULL, NULL);
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

-- ===== (1/3) upgrade base -> a1, add customers =====
SET @rev_began = UTC_TIMESTAMP(3);

create table `customers` (`id` int unsigned not null auto_increment primary key, `name` varchar(100) not null);
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
-- From here on something of it is in the database.
REPLACE INTO `rev_step`
  (revision, direction, number, state, hash, statement, checksum, run_id, started_at)
VALUES
  ('a1', 'upgrade', 1, 'running', 'script', 'call a_script() -- statements of a script, some of them or all', 'sha256:5ef0b149d0e8c3fc466aa2ba2df1072ec414c2100a89158f4d1da09c1e5f5568 code:ce0d309d6783fe3e994b523fec141f96e6c5e6de530f7915434bde0427429ed5 ts', @rev_run, UTC_TIMESTAMP(3));
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

START TRANSACTION;

DELETE FROM `rev_step` WHERE revision = 'a1' AND direction = 'upgrade' AND @rev_go = 'DO 0';
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
INSERT INTO `rev_version` (version_num) SELECT 'a1' FROM (SELECT 1) AS one WHERE @rev_go = 'DO 0';
SET @rev_go = IF(ROW_COUNT() = 1 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
INSERT INTO `rev_event`
  (run_id, seq, what, revision, outcome,
   rows_before, rows_after, checksum, statements, tool_version,
   database_user, started_at, finished_at, milliseconds)
VALUES
  (@rev_run, 2, 'upgrade', 'a1', 'done',
   '', 'a1', 'sha256:5ef0b149d0e8c3fc466aa2ba2df1072ec414c2100a89158f4d1da09c1e5f5568 code:ce0d309d6783fe3e994b523fec141f96e6c5e6de530f7915434bde0427429ed5 ts', 1, '0.0.0',
   @rev_user, @rev_began, UTC_TIMESTAMP(3), TIMESTAMPDIFF(MICROSECOND, @rev_began, UTC_TIMESTAMP(3)) DIV 1000);
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

SET @rev_do = IF(@rev_go = 'DO 0', 'COMMIT', 'SELECT * FROM `rev: not committed: an error above, or changed version rows`'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
ROLLBACK;

-- ===== (2/3) upgrade a1 -> b2, customers have a country =====
SET @rev_began = UTC_TIMESTAMP(3);
SET @rev_do = IF(IS_USED_LOCK(@rev_lock) = CONNECTION_ID(), 'DO 0', 'SELECT * FROM `rev: the lock of this script was lost`'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

alter table `customers` add `country` varchar(2);
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
-- From here on something of it is in the database.
REPLACE INTO `rev_step`
  (revision, direction, number, state, hash, statement, checksum, run_id, started_at)
VALUES
  ('b2', 'upgrade', 1, 'running', 'script', 'call a_script() -- statements of a script, some of them or all', 'sha256:0240a67b46df0deefbf596dbbcc7332c8ba193240fa3e8b8695bc1aa3dc35501 code:a654644d470b9af83e190b7cf9bb2a7f914e3ef102c4830331e1e7ff2daec6bc ts', @rev_run, UTC_TIMESTAMP(3));
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

START TRANSACTION;

insert into `customers` (`name`) values ('Mr. O''Neill');
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

update `customers` set `country` = 'DE' where `country` is null;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

DELETE FROM `rev_step` WHERE revision = 'b2' AND direction = 'upgrade' AND @rev_go = 'DO 0';
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
UPDATE `rev_version` SET version_num = 'b2' WHERE version_num = 'a1' AND @rev_go = 'DO 0';
SET @rev_go = IF(ROW_COUNT() = 1 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
INSERT INTO `rev_event`
  (run_id, seq, what, revision, outcome,
   rows_before, rows_after, checksum, statements, tool_version,
   database_user, started_at, finished_at, milliseconds)
VALUES
  (@rev_run, 3, 'upgrade', 'b2', 'done',
   'a1', 'b2', 'sha256:0240a67b46df0deefbf596dbbcc7332c8ba193240fa3e8b8695bc1aa3dc35501 code:a654644d470b9af83e190b7cf9bb2a7f914e3ef102c4830331e1e7ff2daec6bc ts', 3, '0.0.0',
   @rev_user, @rev_began, UTC_TIMESTAMP(3), TIMESTAMPDIFF(MICROSECOND, @rev_began, UTC_TIMESTAMP(3)) DIV 1000);
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

SET @rev_do = IF(@rev_go = 'DO 0', 'COMMIT', 'SELECT * FROM `rev: not committed: an error above, or changed version rows`'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
ROLLBACK;

-- ===== (3/3) upgrade b2 -> c3, no customer without a name [no transaction] =====
SET @rev_began = UTC_TIMESTAMP(3);
SET @rev_do = IF(IS_USED_LOCK(@rev_lock) = CONNECTION_ID(), 'DO 0', 'SELECT * FROM `rev: the lock of this script was lost`'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

DELIMITER $$
create trigger customers_name before insert on customers for each row
        begin
          if new.name = '' then set new.name = 'unknown'; end if;
        end$$
DELIMITER ;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
-- From here on something of it is in the database.
REPLACE INTO `rev_step`
  (revision, direction, number, state, hash, statement, checksum, run_id, started_at)
VALUES
  ('c3', 'upgrade', 1, 'running', 'script', 'call a_script() -- statements of a script, some of them or all', 'sha256:a76e2eed86158185af988277c553c8ef39b8ff0e25e3e557dbb88708c8f13339 code:1876ce5f5198b06d21a7973316f5e5dc29da81bdbe1bd788755257cad9387a1f ts', @rev_run, UTC_TIMESTAMP(3));
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

analyze table customers;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

START TRANSACTION;

DELETE FROM `rev_step` WHERE revision = 'c3' AND direction = 'upgrade' AND @rev_go = 'DO 0';
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
UPDATE `rev_version` SET version_num = 'c3' WHERE version_num = 'b2' AND @rev_go = 'DO 0';
SET @rev_go = IF(ROW_COUNT() = 1 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
INSERT INTO `rev_event`
  (run_id, seq, what, revision, outcome,
   rows_before, rows_after, checksum, statements, tool_version,
   database_user, started_at, finished_at, milliseconds)
VALUES
  (@rev_run, 4, 'upgrade', 'c3', 'done',
   'b2', 'c3', 'sha256:a76e2eed86158185af988277c553c8ef39b8ff0e25e3e557dbb88708c8f13339 code:1876ce5f5198b06d21a7973316f5e5dc29da81bdbe1bd788755257cad9387a1f ts', 2, '0.0.0',
   @rev_user, @rev_began, UTC_TIMESTAMP(3), TIMESTAMPDIFF(MICROSECOND, @rev_began, UTC_TIMESTAMP(3)) DIV 1000),
  (@rev_run, 5, 'upgrade', NULL, 'done',
   '', 'c3', NULL, NULL, '0.0.0',
   @rev_user, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), NULL);
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;

SET @rev_do = IF(@rev_go = 'DO 0', 'COMMIT', 'SELECT * FROM `rev: not committed: an error above, or changed version rows`'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
SET @rev_go = IF(@@error_count = 0 AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
ROLLBACK;

SET SESSION group_concat_max_len = 1048576;
SELECT COUNT(*), GROUP_CONCAT(id ORDER BY id SEPARATOR ', ') INTO @rev_rows, @rev_at FROM (SELECT IFNULL(CONVERT(version_num USING utf8mb4) COLLATE utf8mb4_bin, '(NULL)') AS id FROM `rev_version`) AS version_rows;
SET @rev_go = IF(@@error_count = 0 AND @rev_rows = 1 AND CAST(@rev_at AS BINARY) = CAST('c3' AS BINARY) AND @rev_go = 'DO 0', 'DO 0', 'SET SESSION TRANSACTION READ ONLY'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;
DO RELEASE_LOCK(@rev_lock);
SELECT IF(@rev_go = 'DO 0',
  CONCAT('rev: database "', IFNULL(DATABASE(), '?'), '" is now at ', IFNULL(@rev_at, 'base')),
  CONCAT('rev: database "', IFNULL(DATABASE(), '?'), '" is at ', IFNULL(@rev_at, 'base'), '; the script did NOT get through to c3')) AS rev;
SET @rev_do = IF(@rev_go = 'DO 0', 'DO 0', 'SELECT * FROM `rev: the script did not get through, see above`'); PREPARE rev_do FROM @rev_do; EXECUTE rev_do;
