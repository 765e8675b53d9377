-- upgrade base -> c3, for postgresql, written by rev 0.0.0 (script format 1)
-- run with: psql -X -v ON_ERROR_STOP=1 -d DATABASE -f FILE
-- version table: rev_version
-- transactions: one for each revision but those marked [no transaction]
-- connect to the server itself: the lock is lost in a pooler that shares sessions (PgBouncer)
-- revisions: 3
--   a1  add customers
--       versions/a1_add_customers.ts sha256:5ef0b149d0e8c3fc466aa2ba2df1072ec414c2100a89158f4d1da09c1e5f5568
--   b2  customers have a country
--       versions/b2_customers_have_a_country.ts sha256:d7e92345b395bfcce34c13835d0b2ecc156a69ff73dc34a27e9c4978ffa84a7a
--   c3  find customers by country
--       versions/c3_find_customers_by_country.ts sha256:c68d72cfb7128fe1e8cc89a6b8dee860095b6231995362a322b6c44fa61e7037
-- sha256 of everything below this line: ...

\set ON_ERROR_STOP on
\set ON_ERROR_ROLLBACK off
\set LAST_ERROR_SQLSTATE 00000
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET application_name = 'rev script upgrade base -> c3';
SET lock_timeout = '5s';
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '5min';

-- Guard: nothing can be changed until it is proven that this is the right database, in the right place, and that
-- nobody else is at work. When it stops here, nothing was changed; the session stays read-only, so connect anew.
SET default_transaction_read_only = on;
DO $rev$
DECLARE
  key constant int := hashtext(cast(current_schema() as text) || '.' || cast('rev_version' as text));
  holder text;
  foreign_settings text;
  here text[] := '{}';
  tables text[];
  open_revision text;
BEGIN
  IF current_setting('transaction_read_only') = 'off' THEN
    RAISE EXCEPTION 'rev: this script has transactions of its own: run it outside of one, and psql without -1';
  END IF;
  IF pg_is_in_recovery() OR 'on' = (SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only') THEN
    RAISE EXCEPTION 'rev: database "%" takes no writes: it is on a standby, or default_transaction_read_only is on',
      current_database();
  END IF;
  IF current_schema() IS NULL THEN
    RAISE EXCEPTION 'rev: database "%" has no schema in the search_path that this user may use', current_database();
  END IF;
  IF 'off' = (SELECT reset_val FROM pg_settings WHERE name = 'standard_conforming_strings') THEN
    RAISE EXCEPTION 'rev: standard_conforming_strings is off in database "%" for this user or session: a run would read backslashes as escapes, and this script does not',
      current_database()
      USING HINT = 'set it on where it is off (the server, ALTER DATABASE, ALTER ROLE, PGOPTIONS), or let the connection of the project ask for it: options "-c standard_conforming_strings=on"';
  END IF;
  -- What values mean must not depend on who runs this.
  SELECT string_agg(name, ', ' ORDER BY name COLLATE "C") INTO foreign_settings FROM pg_settings
  WHERE (source = 'client' OR source = 'session' AND setting <> reset_val) AND name IN (
    'DateStyle', 'IntervalStyle', 'TimeZone', 'array_nulls', 'backslash_quote', 'bytea_output',
    'check_function_bodies', 'createrole_self_grant', 'default_table_access_method', 'default_tablespace',
    'default_text_search_config', 'default_toast_compression', 'default_transaction_isolation', 'event_triggers',
    'extra_float_digits', 'lc_monetary', 'lc_numeric', 'lc_time', 'quote_all_identifiers', 'row_security',
    'search_path', 'session_replication_role', 'timezone_abbreviations', 'transform_null_equals', 'xmlbinary',
    'xmloption'
  );
  IF foreign_settings IS NOT NULL THEN
    RAISE EXCEPTION 'rev: the client has set % for this session, so values and names would not mean what they mean to rev',
      foreign_settings
      USING HINT = 'run psql -X in a session of its own, without PGTZ, PGDATESTYLE and such settings in PGOPTIONS or the connection; what the script needs belongs into the connection of the project';
  END IF;
  -- The lock of an online run. What broke off in this very session may still hold it.
  PERFORM pg_advisory_unlock(1919252017, objid::bigint::bit(32)::int) FROM pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND classid = 1919252017;
  IF NOT pg_try_advisory_lock(1919252017, key) THEN
    SELECT string_agg(format('pid %s, user %s, application %s', pid, usename, application_name), '; ') INTO holder
    FROM pg_locks AS l JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND classid = 1919252017 AND objid = (key::bigint & 4294967295)::oid
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RAISE EXCEPTION 'rev: another run holds the lock of database "%" (%)', current_database(), holder;
  END IF;
  BEGIN
    IF to_regclass(quote_ident(current_schema()) || '."rev_version"') IS NOT NULL THEN
      here := ARRAY(SELECT version_num::text FROM "rev_version" ORDER BY version_num COLLATE "C");
    ELSE
      tables := ARRAY(SELECT name::text FROM (
        select c.relname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = current_schema() and c.relkind in ('r', 'p', 'f') and not exists (select 1 from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') order by c.relname
      ) AS t WHERE name NOT IN ('rev_version', 'rev_event', 'rev_lock', 'rev_meta', 'rev_step', 'rev_seed', 'rev_row'));
      IF tables <> '{}' THEN
        RAISE EXCEPTION 'rev: database "%" holds % table(s), such as "%", but no version table rev_version',
          current_database(), cardinality(tables), tables[1]
          USING HINT = 'say where it stands (rev stamp), or run everything on top of it (rev upgrade --allow-non-empty)';
      END IF;
    END IF;
    IF here <> '{}' THEN
      RAISE EXCEPTION 'rev: this script starts at base, but database "%" is at %',
        current_database(), coalesce(nullif(array_to_string(here, ', '), ''), 'base');
    END IF;
    IF to_regclass(quote_ident(current_schema()) || '."rev_step"') IS NOT NULL THEN
      open_revision := (SELECT min(revision) FROM "rev_step" WHERE state <> 'failed');
      IF open_revision IS NOT NULL THEN
        RAISE EXCEPTION 'rev: revision "%" was begun and is not finished in database "%"',
          open_revision, current_database()
          USING HINT = 'rev status says how to go on with it';
      END IF;
    END IF;
  EXCEPTION WHEN OTHERS THEN
    PERFORM pg_advisory_unlock(1919252017, key);
    RAISE;
  END;
  PERFORM set_config('rev.run', md5(random()::text || clock_timestamp() || pg_backend_pid())::uuid::text, false);
  PERFORM set_config('default_transaction_read_only', 'off', false);
  PERFORM set_config('rev.session', json_object_agg(name, setting)::text, false) FROM (
    SELECT name, setting FROM pg_settings WHERE source = 'session' AND context IN ('user', 'superuser')
    UNION ALL VALUES ('session_authorization', current_setting('session_authorization'))
    UNION ALL VALUES ('role', current_setting('role'))) AS was (name, setting);
END $rev$;

-- The tables of rev where they are missing, and the note that this run has begun.
BEGIN;
DO $rev$ BEGIN
  IF to_regclass(quote_ident(current_schema()) || '."rev_version"') IS NULL THEN
    create table "rev_version" (version_num varchar(255) not null, constraint "rev_version_pkc" primary key (version_num));
  END IF;
  IF to_regclass(quote_ident(current_schema()) || '."rev_event"') IS NULL THEN
    create table "rev_event" (
      run_id varchar(64) not null,
      seq integer not null,
      what varchar(32) not null,
      revision varchar(255),
      outcome varchar(16) not null,
      rows_before text,
      rows_after text,
      checksum varchar(255),
      statements integer,
      failed_statement integer,
      error text,
      started_at timestamp(3) with time zone not null,
      finished_at timestamp(3) with time zone,
      milliseconds integer,
      database_user varchar(255),
      os_user varchar(255),
      host varchar(255),
      process_id integer,
      tool_version varchar(64),
      git_commit varchar(64),
      reason text,
      constraint "rev_event_pkc" primary key (run_id, seq)
    );
  END IF;
  -- Fails here, and not after the work, when this user may not write the version rows.
  INSERT INTO "rev_version" SELECT * FROM "rev_version" WHERE false;
  UPDATE "rev_version" SET version_num = version_num WHERE false;
  DELETE FROM "rev_version" WHERE false;
END $rev$;
-- Runs that broke off, as the one who holds the lock can tell.
INSERT INTO "rev_event"
  (run_id, seq, what, outcome, rows_before, rows_after,
   tool_version, database_user, started_at, finished_at)
SELECT run_id, (SELECT max(seq) + 1 FROM "rev_event" WHERE run_id = run.run_id), what, 'interrupted', rows_before, '',
   '0.0.0', session_user, clock_timestamp(), clock_timestamp()
FROM "rev_event" AS run WHERE revision IS NULL AND outcome = 'started' AND NOT EXISTS (SELECT FROM "rev_event"
  WHERE run_id = run.run_id AND revision IS NULL AND outcome IN ('done', 'failed', 'interrupted'));
INSERT INTO "rev_event"
  (run_id, seq, what, revision, outcome,
   rows_before, rows_after, checksum, statements,
   tool_version, database_user, started_at, finished_at,
   milliseconds)
VALUES
  (current_setting('rev.run'), 1, 'upgrade', NULL, 'started',
   '', '', NULL, NULL,
   '0.0.0', session_user, clock_timestamp(), NULL,
   NULL);
COMMIT;

-- ===== (1/3) upgrade base -> a1, add customers =====

BEGIN;

DO $rev$
DECLARE
  here text[];
BEGIN
  IF NOT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND classid = 1919252017) THEN
    RAISE EXCEPTION 'rev: step 1 is in a session that does not hold the lock of this script (a pooler, or a new connection)';
  END IF;
  LOCK TABLE "rev_version" IN EXCLUSIVE MODE;
  here := ARRAY(SELECT version_num::text FROM "rev_version" ORDER BY version_num COLLATE "C");
  IF here <> '{}' THEN
    RAISE EXCEPTION 'rev: step 1 starts at base, but database "%" is at %',
      current_database(), coalesce(nullif(array_to_string(here, ', '), ''), 'base');
  END IF;
END $rev$;

create table "customers" ("id" serial primary key, "name" varchar(100) not null);

DO $rev$ BEGIN
  IF coalesce(current_setting('rev.run', true), '') = '' THEN
    RAISE EXCEPTION 'rev: step 1 ends in another session than it began in (a pooler, or a new connection), so it does not count as done'
      USING HINT = 'what stands before the new connection was undone, what stands after it may be in the database: put that right by hand';
  END IF;
  IF coalesce(to_regclass('pg_temp."rev_version"'), to_regclass('pg_temp."rev_event"')) IS NOT NULL THEN
    RAISE EXCEPTION 'rev: a temporary table hides rev_version or rev_event';
  END IF;
  INSERT INTO "rev_version" (version_num) VALUES ('a1');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'rev: version table rev_version has changed under this script: cannot insert "a1"';
  END IF;
END $rev$;
INSERT INTO "rev_event"
  (run_id, seq, what, revision, outcome,
   rows_before, rows_after, checksum, statements,
   tool_version, database_user, started_at, finished_at,
   milliseconds)
VALUES
  (current_setting('rev.run'), 2, 'upgrade', 'a1', 'done',
   '', 'a1', 'sha256:5ef0b149d0e8c3fc466aa2ba2df1072ec414c2100a89158f4d1da09c1e5f5568 code:ce0d309d6783fe3e994b523fec141f96e6c5e6de530f7915434bde0427429ed5 ts', 1,
   '0.0.0', session_user, now(), clock_timestamp(),
   round(extract(epoch FROM clock_timestamp() - now()) * 1000));

COMMIT;

-- ===== (2/3) upgrade a1 -> b2, customers have a country =====

BEGIN;

DO $rev$
DECLARE
  here text[];
BEGIN
  IF NOT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND classid = 1919252017) THEN
    RAISE EXCEPTION 'rev: step 2 is in a session that does not hold the lock of this script (a pooler, or a new connection)';
  END IF;
  LOCK TABLE "rev_version" IN EXCLUSIVE MODE;
  here := ARRAY(SELECT version_num::text FROM "rev_version" ORDER BY version_num COLLATE "C");
  IF here <> ARRAY['a1'] THEN
    RAISE EXCEPTION 'rev: step 2 starts at a1, but database "%" is at %',
      current_database(), coalesce(nullif(array_to_string(here, ', '), ''), 'base');
  END IF;
END $rev$;

SET LOCAL work_mem = '64MB';

alter table "customers" add column "country" varchar(2);

update "customers" set "country" = 'DE' where "country" is null;

-- What the revision has set must reach neither rev's own statements nor the next revision.
DO $rev$
DECLARE
  was constant json := nullif(current_setting('rev.session', true), '')::json;
BEGIN
  IF was IS NULL THEN
    RAISE EXCEPTION 'rev: revision b2 has reset the session (RESET ALL or DISCARD), and a script cannot bring it back';
  END IF;
  IF current_setting('session_authorization') <> was ->> 'session_authorization' THEN
    PERFORM set_config('session_authorization', was ->> 'session_authorization', false);
  END IF;
  IF current_setting('role') <> was ->> 'role' THEN
    PERFORM set_config('role', was ->> 'role', false);
  END IF;
  PERFORM set_config(name, coalesce(was ->> name, reset_val), false) FROM pg_settings
  WHERE (source = 'session' OR was ->> name IS NOT NULL) AND context IN ('user', 'superuser')
    AND name NOT IN ('transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
    AND setting IS DISTINCT FROM coalesce(was ->> name, reset_val);
END $rev$;

DO $rev$ BEGIN
  IF coalesce(current_setting('rev.run', true), '') = '' THEN
    RAISE EXCEPTION 'rev: step 2 ends in another session than it began in (a pooler, or a new connection), so it does not count as done'
      USING HINT = 'what stands before the new connection was undone, what stands after it may be in the database: put that right by hand';
  END IF;
  IF coalesce(to_regclass('pg_temp."rev_version"'), to_regclass('pg_temp."rev_event"')) IS NOT NULL THEN
    RAISE EXCEPTION 'rev: a temporary table hides rev_version or rev_event';
  END IF;
  UPDATE "rev_version" SET version_num = 'b2' WHERE version_num = 'a1';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'rev: version table rev_version has changed under this script: cannot update "a1" to "b2"';
  END IF;
END $rev$;
INSERT INTO "rev_event"
  (run_id, seq, what, revision, outcome,
   rows_before, rows_after, checksum, statements,
   tool_version, database_user, started_at, finished_at,
   milliseconds)
VALUES
  (current_setting('rev.run'), 3, 'upgrade', 'b2', 'done',
   'a1', 'b2', 'sha256:d7e92345b395bfcce34c13835d0b2ecc156a69ff73dc34a27e9c4978ffa84a7a code:32afe76850de27c5b460f1c6da7a2ab5437b58e1232c5a56edbb0c7d83dba4e3 ts', 3,
   '0.0.0', session_user, now(), clock_timestamp(),
   round(extract(epoch FROM clock_timestamp() - now()) * 1000));

COMMIT;

-- ===== (3/3) upgrade b2 -> c3, find customers by country [no transaction] =====
-- Each statement commits by itself, so that all went well until here is proven before the first.
-- After an error psql makes the session read-only (LAST_ERROR_SQLSTATE), in case that it goes on.
SET default_transaction_read_only = on;
DO $rev$
DECLARE
  here text[];
BEGIN
  IF NOT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND classid = 1919252017) THEN
    RAISE EXCEPTION 'rev: step 3 is in a session that does not hold the lock of this script (a pooler, or a new connection)';
  END IF;
  here := ARRAY(SELECT version_num::text FROM "rev_version" ORDER BY version_num COLLATE "C");
  IF here <> ARRAY['b2'] THEN
    RAISE EXCEPTION 'rev: step 3 starts at b2, but database "%" is at %',
      current_database(), coalesce(nullif(array_to_string(here, ', '), ''), 'base');
  END IF;
  PERFORM set_config('rev.started', clock_timestamp()::text, false);
  PERFORM set_config('default_transaction_read_only', 'off', false);
END $rev$;

SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY customers_country ON customers (country);
SET lock_timeout = '5s';
DO $rev$ BEGIN
  PERFORM set_config('rev.read_only', current_setting('default_transaction_read_only'), false);
  PERFORM set_config('default_transaction_read_only', 'on', false);
END $rev$;
DO $rev$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('customers_country') AND indisvalid) THEN
    RAISE EXCEPTION 'rev: index customers_country is missing or INVALID in database "%"', current_database();
  END IF;
  PERFORM set_config('default_transaction_read_only', current_setting('rev.read_only'), false);
END $rev$;
SELECT set_config('default_transaction_read_only',
  CASE :'LAST_ERROR_SQLSTATE' WHEN '00000' THEN 'off' ELSE 'on' END, false) AS rev_read_only \gset

ANALYZE customers;
SELECT set_config('default_transaction_read_only',
  CASE :'LAST_ERROR_SQLSTATE' WHEN '00000' THEN 'off' ELSE 'on' END, false) AS rev_read_only \gset

BEGIN;

DO $rev$
DECLARE
  here text[];
BEGIN
  IF NOT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND classid = 1919252017) THEN
    RAISE EXCEPTION 'rev: step 3 is in a session that does not hold the lock of this script (a pooler, or a new connection)';
  END IF;
  LOCK TABLE "rev_version" IN EXCLUSIVE MODE;
  here := ARRAY(SELECT version_num::text FROM "rev_version" ORDER BY version_num COLLATE "C");
  IF here <> ARRAY['b2'] THEN
    RAISE EXCEPTION 'rev: step 3 starts at b2, but database "%" is at %',
      current_database(), coalesce(nullif(array_to_string(here, ', '), ''), 'base');
  END IF;
END $rev$;
DO $rev$ BEGIN
  IF coalesce(current_setting('rev.run', true), '') = '' THEN
    RAISE EXCEPTION 'rev: step 3 ends in another session than it began in (a pooler, or a new connection), so it does not count as done'
      USING HINT = 'what stands before the new connection was undone, what stands after it may be in the database: put that right by hand';
  END IF;
  IF coalesce(to_regclass('pg_temp."rev_version"'), to_regclass('pg_temp."rev_event"')) IS NOT NULL THEN
    RAISE EXCEPTION 'rev: a temporary table hides rev_version or rev_event';
  END IF;
  UPDATE "rev_version" SET version_num = 'c3' WHERE version_num = 'b2';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'rev: version table rev_version has changed under this script: cannot update "b2" to "c3"';
  END IF;
END $rev$;
INSERT INTO "rev_event"
  (run_id, seq, what, revision, outcome,
   rows_before, rows_after, checksum, statements,
   tool_version, database_user, started_at, finished_at,
   milliseconds)
VALUES
  (current_setting('rev.run'), 4, 'upgrade', 'c3', 'done',
   'b2', 'c3', 'sha256:c68d72cfb7128fe1e8cc89a6b8dee860095b6231995362a322b6c44fa61e7037 code:813ddb06d76057167cfae42cf966408c99cc1337872f218c633f3b71012cc84e ts', 2,
   '0.0.0', session_user, current_setting('rev.started')::timestamptz, clock_timestamp(),
   round(extract(epoch FROM clock_timestamp() - current_setting('rev.started')::timestamptz) * 1000)),
  (current_setting('rev.run'), 5, 'upgrade', NULL, 'done',
   '', 'c3', NULL, NULL,
   '0.0.0', session_user, clock_timestamp(), clock_timestamp(),
   NULL);

COMMIT;

DO $rev$ BEGIN
  PERFORM pg_advisory_unlock(1919252017, objid::bigint::bit(32)::int) FROM pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND classid = 1919252017;
END $rev$;

SELECT format('rev: %sdatabase "%s" is now at %s',
  CASE current_setting('default_transaction_read_only') WHEN 'on' THEN 'something above failed, and ' ELSE '' END,
  current_database(),
  coalesce(string_agg(version_num, ', ' ORDER BY version_num COLLATE "C"), 'base')) AS rev
FROM "rev_version";
