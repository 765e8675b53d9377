import createKnex, { type Knex } from 'knex'
import { afterAll, describe, expect, test } from 'vitest'
import { fillPlaceholders } from '../../../../src/offline/fill-placeholders.ts'
import { DEFAULT_LITERALS } from '../../../../src/offline/literals/literal-options.ts'
import type { SchemaRead } from '../../../../src/offline/reads/schema-read.ts'
import { type PossibleRead, toSchemaRead } from '../../../../src/offline/reads/to-schema-read.ts'
import type { SqlFamily } from '../../../../src/sql/sql-family.ts'

const CLIENTS: Readonly<Record<SqlFamily, Knex>> = {
  postgresql: createKnex({ client: 'pg' }),
  mysql: createKnex({ client: 'mysql2', connection: { database: 'app' } }),
  sqlite: createKnex({ client: 'better-sqlite3', useNullAsDefault: true }),
}
afterAll(async () => {
  for (const knex of Object.values(CLIENTS)) await knex.destroy()
})

type Built = PossibleRead & { readonly bindings?: readonly unknown[] }

/** What a script would ask about the first query of a builder. */
function built(family: SqlFamily, builder: object, more: Partial<PossibleRead> = {}): SchemaRead | undefined {
  const [query] = [(builder as { toSQL(): Built | readonly Built[] }).toSQL()].flat()
  if (query === undefined) throw new Error('no query')
  const [statement] = fillPlaceholders(query.sql, query.bindings ?? [], family, DEFAULT_LITERALS)
  return toSchemaRead({ ...query, sql: statement?.sql ?? '', ...more }, family)
}

// Each would read rows, or depend on something else than the schema, or do something.
const REFUSED: Readonly<Record<SqlFamily, readonly string[]>> = {
  postgresql: [
    'select * from users',
    'select * from public.users',
    'select * from pg_class, users',
    'select * from pg_class join users on true',
    'select * from pg_class c left join lateral (select 1 from users) u on true',
    'select * from (select * from users) as pg_class',
    'select (select count(*) from users)',
    'select exists (select from users)',
    'select 1 from pg_class where relname in (select name from users)',
    'select 1 from pg_class where exists (select 1 from users)',
    'select 1 from pg_class union select 1 from users',
    '(select 1 from pg_class) union (select 1 from users)',
    'select 1 union table users',
    'table users',
    'select relname from pg_class order by (select max(id) from users)',
    'select relname from pg_class limit (select max(id) from users)',
    'select array(select id from users)',
    'with users as (select * from users) select * from users',
    'with a as (with users as (select 1) select 1) select * from users',
    'select * from (with users as (select 1) select * from users) a, users b',
    'with users as (select 1) select * from public.users',
    'with a as (delete from users returning *) select * from a',
    'with a as (insert into users values (1) returning *) select * from a',
    'select "users" from "users"',
    'select * from "PG_CLASS"',
    'select * from information_schema."TABLES"',
    'select * from other.pg_class',
    'select * from tables',
    'select relname into copy from pg_class',
    'select 1 from pg_class for update',
    'select 1; select 2',
    'select 1; drop table users',
    'insert into a select 1 from pg_class',
    'select now()',
    'select current_timestamp',
    `select 'now'::timestamp`,
    `select 'today'::date::text`,
    `select cast('now' as timestamptz)`,
    `select date 'today'`,
    `select mine 'x'`,
    `select 'x'::mine`,
    `select cast('x' as mine)`,
    `select cast('x' as public.text)`,
    'select random()',
    'select gen_random_uuid()',
    `select nextval('a')`,
    `select setval('a', 1)`,
    'select pg_sleep(1)',
    `select query_to_xml('select * from users', true, true, '')`,
    `select mine(oid) from pg_class`,
    `select public.lower('A')`,
    'select filter(1)',
    'select over(1), within(2)',
    'select relname from pg_class order by by(relname)',
    `select "now"()`,
    `select pg_relation_size('users')`,
    `select count(*) from pg_class where pg_table_size(oid) > 0`,
    `select pg_advisory_lock(1)`,
    `select set_config('a.b', 'c', false)`,
    `select current_setting('search_path')`,
    'select version()',
    'select current_user',
    'select current_database()',
    'select current_catalog',
    'select table_catalog from information_schema.tables',
    `select x.c from (select current_database() as c) x`,
    `values (current_database())`,
    'select reltuples from pg_class',
    'select c.reltuples::bigint from pg_class c',
    'select relname from pg_class where reltuples > 0',
    'select relname from pg_class order by relpages',
    'select xmin from pg_class',
    'select to_jsonb(c) from pg_class c',
    'select json_agg(c) from pg_class as c',
    'select c from pg_class c',
    'select pg_class::text from pg_class',
    'select c.*::text from pg_class c',
    'select to_jsonb(c.*) from pg_class c',
    'select (c.*) from pg_class c',
    'select d from current_database() d',
    'select * from pg_stat_user_tables',
    'select * from pg_roles',
    'select * from pg_authid',
    'select * from pg_settings',
    'select * from pg_sequences',
    'select last_value from a_seq',
    'select * from information_schema.role_table_grants',
    `select * from pg_read_file('a')`,
    `select * from dblink('a', 'b') as t(id int)`,
    `select * from rows from (mine()) as t`,
    'select 1 from pg_class tablesample system (10)',
    'select $1',
    'select a ? b from pg_class',
    `select 'open`,
    'select U&"\\0041" from pg_class',
    'show server_version',
    'explain select 1',
    'analyze users',
    'prepare a as select 1',
    '',
  ],
  mysql: [
    'select * from users',
    'select * from `users`',
    'select * from app.users',
    'select * from tables',
    'select * from information_schema.tables, users',
    'select * from information_schema.tables straight_join users',
    'select 1 from information_schema.tables where table_name in (select name from users)',
    'select 1 union select id from users',
    'with users as (select * from users) select * from users',
    'select now()',
    'select sysdate()',
    'select utc_timestamp',
    'select rand()',
    'select uuid()',
    'select sleep(1)',
    'select last_insert_id()',
    'select found_rows()',
    'select database()',
    'select schema()',
    `select concat(database(), '.x')`,
    'select version()',
    'select @@version',
    'select @a := 1',
    'select user()',
    'select current_user',
    `select get_lock('a', 1)`,
    `select load_file('/a')`,
    'select next value for a',
    'select table_rows from information_schema.tables',
    'select `auto_increment` from information_schema.tables',
    'select `t`.`AUTO_INCREMENT` from information_schema.tables t',
    'select table_name from information_schema.tables where table_rows > 0',
    'select cardinality from information_schema.statistics',
    'select * from information_schema.processlist',
    'select * from information_schema.user_privileges',
    'select * from information_schema.innodb_trx',
    'select * from mysql.user',
    'select * from performance_schema.threads',
    'select 1 /*! from users */',
    'select 1 from information_schema.tables for update',
    'select 1 from information_schema.tables lock in share mode',
    `select 1 from information_schema.tables into outfile '/a'`,
    'select table_name from information_schema.tables into @a',
    `select 'a\\' from users where '1'`,
    'select any(1)',
    'select array(1)',
    'select mine(1)',
    'select app.mine(1)',
    'show databases',
    'show variables',
    'show table status',
    'show grants',
    'show processlist',
    `show columns from users where field in (select name from users)`,
    `show tables where (select 1 from users)`,
    'show columns from users; drop table users',
    'describe select 1',
    'explain users',
    'table users',
    'do 1',
  ],
  sqlite: [
    'select * from users',
    'select * from main.users',
    `select * from 'users'`,
    'select * from "users"',
    'select * from [users]',
    'select * from sqlite_sequence',
    'select * from sqlite_stat1',
    'select * from temp.sqlite_master',
    'select * from other.sqlite_master',
    'select * from sqlite_master, users',
    `select 1 from sqlite_master where name in users`,
    `select 1 from sqlite_master where name not in users`,
    `select 1 from sqlite_master where name in (select name from users)`,
    'select 1 union all select id from users',
    'with users as (select * from users) select * from users',
    'select rootpage from sqlite_master',
    'select rowid, name from sqlite_master',
    'select random()',
    `select datetime('now')`,
    'select current_timestamp',
    'select last_insert_rowid()',
    'select changes()',
    'select sqlite_version()',
    `select load_extension('a')`,
    `select * from pragma_foreign_key_check`,
    `select * from pragma_database_list`,
    `select * from pragma_table_info((select name from users))`,
    'PRAGMA foreign_keys',
    'PRAGMA foreign_keys = ON',
    'PRAGMA foreign_keys(1)',
    'PRAGMA foreign_key_check',
    'PRAGMA integrity_check',
    'PRAGMA user_version = 4',
    'PRAGMA journal_mode',
    'PRAGMA table_info',
    'PRAGMA temp.table_info(users)',
    'PRAGMA table_info(users); drop table users',
    'select ?1',
    'select :a',
    'values ((select max(id) from users))',
    'explain select 1',
  ],
}

describe.each(Object.entries(REFUSED) as [SqlFamily, readonly string[]][])('%s', (family, queries) => {
  test.each(queries)('is no read of the schema: %s', (sql) => {
    expect(toSchemaRead({ sql }, family)).toBeUndefined()
    expect(toSchemaRead({ sql: `/* x */ ${sql} -- y\n`, method: 'select' }, family)).toBeUndefined()
  })
})

const QUOTED = { postgresql: '"', mysql: '`', sqlite: '"' } as const

describe.each(['postgresql', 'mysql', 'sqlite'] as const)('%s', (family) => {
  const catalogue = family === 'sqlite' ? 'sqlite_master' : 'information_schema.tables'
  const q = QUOTED[family]

  test('is not misled by what stands in quotes and comments', () => {
    for (const sql of [
      `select 'from users' as ${q}from users${q} from ${catalogue} -- , users`,
      `select /* from users; */ 1 from ${catalogue};`,
      `select 1 from ${catalogue} where 'now()' <> 'it''s; random()'`,
      `  \n SELECT\t1\nFROM ${catalogue.toUpperCase()}\n;\n-- done`,
    ]) {
      expect(toSchemaRead({ sql, method: 'select' }, family)).toEqual({ sql, sees: 'rows' })
    }
  })

  test('knows what the builders of Knex ask', () => {
    const knex = CLIENTS[family]
    expect(built(family, knex.schema.hasTable('users'))?.sees).toBe('existence')
    expect(built(family, knex.schema.withSchema('main').hasTable('users'))?.sees).toBe('existence')
    expect(built(family, knex('users').columnInfo())?.sees).toBe('columns')
    expect(built(family, knex('users').columnInfo('name'))?.sees).toBe('columns')
    expect(built(family, knex(catalogue).select('*'))?.sees).toBe('rows')
    expect(built(family, knex(catalogue).first())?.sees).toBe('rows')
    expect(built(family, knex.raw(`select 1 from ${catalogue}`))?.sees).toBe('rows')
    expect(built(family, knex('users').select('id'))).toBeUndefined()
    expect(built(family, knex('users').first())).toBeUndefined()
    expect(built(family, knex('users').insert({ id: 1 }))).toBeUndefined()
    expect(built(family, knex('users').count())).toBeUndefined()
    expect(built(family, knex(catalogue).whereIn('a', knex('users').select('id')))).toBeUndefined()
    expect(built(family, knex(catalogue).join('users', 'a', 'b'))).toBeUndefined()
    expect(built(family, knex(catalogue).forUpdate())?.sees).toBe(family === 'sqlite' ? 'rows' : undefined)
  })

  test('takes the same words from a raw query as rows, because all of them are seen', () => {
    const read = built(family, CLIENTS[family].schema.hasTable('users'))
    expect(toSchemaRead({ sql: read?.sql ?? '' }, family)?.sees).toBe('rows')
  })
})

describe('hasColumn', () => {
  test('of PostgreSQL sees whether there is a row', () => {
    const { schema } = CLIENTS.postgresql
    expect(built('postgresql', schema.hasColumn('users', 'age'))?.sees).toBe('existence')
    expect(built('postgresql', schema.withSchema('other').hasColumn('users', 'age'))?.sees).toBe('existence')
  })

  test.each(['mysql', 'sqlite'] as const)('of %s sees the names of columns, of which one is sought', (family) => {
    const hasColumn = CLIENTS[family].schema.hasColumn('users', 'Age')
    expect(built(family, hasColumn)).toMatchObject({ sees: 'names' })
    expect(built(family, hasColumn, { renames: false })).toMatchObject({ sees: 'existence', column: 'age' })
    const accented = CLIENTS[family].schema.hasColumn('users', 'Ü')
    expect(built(family, accented, { renames: false })).toMatchObject({ sees: 'names' })
  })

  test('is not taken for a look-up of Knex that sees everything, and whose function is not called', () => {
    let calls = 0
    const output = (): void => {
      calls += 1
    }
    expect(toSchemaRead({ sql: 'PRAGMA table_info(`users`)', output }, 'sqlite')?.sees).toBe('rows')
    expect(toSchemaRead({ sql: 'show columns from users', output }, 'mysql')?.sees).toBe('rows')
    expect(calls).toBe(0)
    const { schema } = CLIENTS.sqlite
    for (const change of [
      schema.alterTable('users', (table) => table.dropForeign('a')),
      schema.alterTable('users', (table) => table.dropColumn('a')),
      schema.alterTable('users', (table) => table.primary(['a'])),
    ]) {
      expect(built('sqlite', change, { renames: false })?.sees).toBe('rows')
    }
  })
})

describe('the database of the connection on MySQL', () => {
  const sqlOf = (read: SchemaRead | undefined): string | undefined => read?.sql

  test('is not named in what Knex asks for columnInfo', () => {
    expect(sqlOf(built('mysql', CLIENTS.mysql('users').columnInfo()))).toBe(
      `select * from information_schema.columns where table_name = 'users' and table_schema = DATABASE()`,
    )
  })

  test('is put in for its name where that is compared with a schema', () => {
    const sql = `select 1 from information_schema.tables where table_schema = 'app' and table_name = 'app'`
    expect(toSchemaRead({ sql, database: 'app' }, 'mysql')?.sql).toBe(
      `select 1 from information_schema.tables where table_schema = DATABASE() and table_name = 'app'`,
    )
    expect(toSchemaRead({ sql, database: 'other' }, 'mysql')?.sql).toBe(sql)
    expect(toSchemaRead({ sql }, 'mysql')?.sql).toBe(sql)
  })
})
