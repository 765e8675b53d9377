import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import createKnex from 'knex'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createRev } from '../../../src/index.ts'
import { creates, errorOf, openRev } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { spareDatabase } from '../../support/spare-database.ts'
import { createTempProject, tempDirectory } from '../../support/temp-project.ts'

const line = [creates('aaa', null), creates('bbb', 'aaa')]

describeEachDialect('rev db dump', (db) => {
  beforeEach(() => db.empty())

  test('writes the schema, and the same again whatever the rows are', async () => {
    const rev = openRev(db, line)
    await rev.upgrade({ target: 'head' })
    const first = await rev.db.dump()
    expect(first).toMatchObject({ changed: true, rows: ['bbb'], file: join(rev.project.path, 'schema.sql') })
    const text = rev.project.read('schema.sql')
    expect(text).toMatch(/^-- The schema of the database, written by rev db dump[^\n]*\n-- rev_version: bbb\n/)
    expect(text).toMatch(/create table .*aaa/i)
    expect(text.replace('-- rev_version', '')).not.toMatch(/rev_/)

    await db
      .knex()('aaa')
      .insert([{ id: 41 }, { id: 42 }])
    expect(await rev.db.dump()).toMatchObject({ changed: false })
    expect(rev.project.read('schema.sql')).toBe(text)

    await rev.downgrade({ target: 'aaa' })
    expect(await rev.db.dump({ output: 'db/other.sql' })).toMatchObject({ changed: true, rows: ['aaa'] })
    expect(rev.project.read('db/other.sql')).toMatch(/^.*\n-- rev_version: aaa\n/)
    expect(rev.project.read('db/other.sql')).not.toMatch(/create table .*bbb/i)
  })

  test('gives the same schema when it is loaded somewhere else', async () => {
    const rev = openRev(db, line)
    await rev.upgrade({ target: 'head' })
    await db.knex().raw('create view looking as select id from aaa')
    if (db.dialect === 'mysql') {
      await db.knex().raw(`create procedure doing() select 1`)
      await db.knex().raw('create trigger touched before insert on aaa for each row set new.id = new.id')
    }
    await rev.db.dump()
    const text = rev.project.read('schema.sql')
    expect(text).not.toMatch(/DEFINER=/)

    await db.empty()
    const loaded = await db.client(db.dialect === 'postgresql' ? text.replace(/^CREATE SCHEMA public;$/m, '') : text)
    expect(loaded).toMatchObject({ code: 0 })
    const again = createRev({ directory: createTempProject().path, config: db.knexConfig(), revisions: [] })
    const { file } = await again.db.dump()
    const body = (whole: string): string => whole.split('\n').slice(2).join('\n')
    expect(body(readFileSync(file, 'utf8'))).toBe(body(text))
  })

  test('is the same whatever way led to the schema', async () => {
    const parent = `await knex.schema.createTable('parent', (table) => {
      table.increments('id')
      table.string('name').notNullable().index()
    })`
    const child = `await knex.schema.createTable('child', (table) => {
      table.increments('id')
      table.integer('parent_id').unsigned().notNullable().references('id').inTable('parent').onUpdate('CASCADE').onDelete('CASCADE')
      table.decimal('price', 10, 2).defaultTo(0)
      table.string('state').notNullable().defaultTo('it''s (new)').unique()
      table.check('price >= 0 and price <> 13', [], 'cheap')
    })`.replace("it''s", "it\\'s")
    const change = `await knex.schema.alterTable('child', (table) => {
      table.string('comment', 40).notNullable().defaultTo('none').index()
    })`
    const back = `await knex.schema.alterTable('child', (table) => {
      table.dropIndex('comment')
      table.dropColumn('comment')
    })`
    const rev = openRev(db, [
      { revision: 'parent', upgrade: parent, downgrade: `await knex.schema.dropTable('parent')` },
      {
        ...{ revision: 'child', down: 'parent', upgrade: child },
        downgrade: `await knex.schema.dropTable('child')`,
      },
      { revision: 'change', down: 'child', upgrade: change, downgrade: back },
    ])
    await rev.upgrade({ target: 'head' })
    await rev.db.dump({ output: 'up.sql' })
    for (const down of ['child', 'parent', 'base']) {
      await rev.downgrade({ target: down })
      await rev.upgrade({ target: 'head' })
      await rev.db.dump({ output: `over-${down}.sql` })
      expect(rev.project.read(`over-${down}.sql`)).toBe(rev.project.read('up.sql'))
    }
  })

  test('leaves the file as it is when it fails, and says where nothing is', async () => {
    const spare = spareDatabase(db)
    const project = createTempProject()
    project.write('schema.sql', 'as it was')
    const rev = createRev({ directory: project.path, config: spare.knexConfig() })
    expect((await errorOf(rev.db.dump())).code).toBe('REV_DATABASE_CONNECT_FAILED')
    expect(project.read('schema.sql')).toBe('as it was')
    expect(await spare.exists()).toBe(false)
  })
})

describeEachDialect(
  'the program of rev db dump',
  (db) => {
    test('is named with what to install when it is missing, too old, or fails', async () => {
      const rev = openRev(db, line)
      await rev.upgrade({ target: 'head' })
      const folder = tempDirectory()
      mkdirSync(join(folder, 'bin'))
      const path = process.env.PATH
      const program = db.dialect === 'postgresql' ? 'pg_dump' : 'mariadb-dump'
      const put = (script: string): void =>
        writeFileSync(join(folder, 'bin', program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
      process.env.PATH = join(folder, 'bin')
      try {
        const missing = await errorOf(rev.db.dump())
        expect(missing).toMatchObject({ code: 'REV_LIFE_NO_CLIENT', exit: 2 })
        expect(missing.hint).toMatch(/apt-get install \S+client/)
        if (db.dialect === 'postgresql') {
          put('echo "pg_dump (PostgreSQL) 9.6.1"')
          expect((await errorOf(rev.db.dump())).code).toBe('REV_LIFE_CLIENT_UNFIT')
        }
        put('case "$1" in --version) echo "program 99.1 MariaDB";; *) echo "it will not" >&2; exit 4;; esac')
        const failed = await errorOf(rev.db.dump())
        expect(failed).toMatchObject({ code: 'REV_LIFE_DUMP_FAILED', exit: 1 })
        expect(failed.message).toContain('it will not')
      } finally {
        process.env.PATH = path
      }
    })

    test('gets no password on its command line', async () => {
      const rev = openRev(db, line)
      const folder = tempDirectory()
      const program = db.dialect === 'postgresql' ? 'pg_dump' : 'mariadb-dump'
      const script = `#!/bin/sh\ncase "$1" in --version) echo "program 99.1 MariaDB";; *) echo "$@" > "${folder}/args"; /bin/cat "\${1#--defaults-file=}" > "${folder}/options" 2>/dev/null; echo "$PGPASSWORD" > "${folder}/password";; esac\nexit 0\n`
      writeFileSync(join(folder, program), script, { mode: 0o755 })
      const path = process.env.PATH
      process.env.PATH = folder
      try {
        await rev.db.dump()
      } finally {
        process.env.PATH = path
      }
      const args = readFileSync(join(folder, 'args'), 'utf8')
      const password = db.address?.password ?? ''
      if (password !== '') expect(args).not.toContain(password)
      expect(args).not.toMatch(/(?:^|\s)(?:--password=|-p)/)
      if (db.dialect === 'mysql')
        expect(readFileSync(join(folder, 'options'), 'utf8')).toContain(`user="${db.address?.user}"`)
      else expect(readFileSync(join(folder, 'password'), 'utf8').trim()).toBe(password)
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'the text of rev db dump on MariaDB and MySQL',
  (db) => {
    beforeEach(() => db.empty())

    test('tells nothing of when and by whom something was made', async () => {
      const [rows] = await db.knex().raw<[{ version: string }[]]>('select version() as version')
      const isMariaDb = /mariadb/i.test(rows?.[0]?.version ?? '')
      const knex = createKnex({ ...db.knexConfig(), pool: { min: 1, max: 1 } })
      onTestFinished(() => knex.destroy())
      const dumps: string[] = []
      for (const pauseMs of [0, 2100]) {
        await db.empty()
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        await knex.raw('create table one (id int auto_increment primary key)')
        if (pauseMs > 0) await knex.raw('insert into one values (41)')
        await knex.raw('create view looking as select * from one')
        await knex.raw('create event `da``ily` on schedule every 1 day disable do select 1')
        await knex.raw(`create event later on schedule every 1 day starts '2038-01-01 03:00:00' disable do select 1`)
        await knex.raw(`create event once on schedule at '2038-01-01 03:00:00' disable do select 1`)
        await knex.raw('create trigger touched before insert on one for each row set new.id = new.id')
        await knex.raw('create procedure doing() select 1')
        if (isMariaDb) {
          await knex.raw(`set @kept = @@sql_mode, session sql_mode = 'ORACLE'`)
          await knex.raw('create package kit as function one return int; end')
          await knex.raw('create package body kit as function one return int as begin return 1; end; end')
          await knex.raw('set session sql_mode = @kept')
        }
        const project = createTempProject()
        const rev = createRev({ directory: project.path, config: db.knexConfig(), revisions: [] })
        await rev.db.dump()
        dumps.push(project.read('schema.sql'))
      }
      const [first = '', second] = dumps
      expect(second).toBe(first)
      expect(first).not.toMatch(/DEFINER=|AUTO_INCREMENT=/)
      expect(first.match(/2038-01-01 03:00:00/g)).toHaveLength(2)
      expect(first).toContain('`da``ily` ON SCHEDULE EVERY 1 DAY ON COMPLETION')
    })
  },
  { only: ['mysql'] },
)

describeEachDialect(
  'the text of rev db dump on SQLite',
  (db) => {
    beforeEach(() => db.empty())

    const written = async (): Promise<string> => {
      const project = createTempProject()
      const rev = createRev({ directory: project.path, config: db.knexConfig(), revisions: [] })
      await rev.db.dump()
      return project.read('schema.sql').split('\n').slice(3).join('\n').trim()
    }
    const PRAGMAS = ['table_xinfo', 'index_list', 'foreign_key_list']
    // Spaces in the name of a type mean nothing.
    const spaceless = (name: string, value: unknown): unknown =>
      name === 'type' ? String(value).replaceAll(' ', '') : value
    const known = async (): Promise<unknown> => {
      const tables = await db
        .knex()
        .raw<{ name: string }[]>(
          `select name, wr, strict from pragma_table_list where schema = 'main' and name not like 'sqlite%' order by name`,
        )
      const details = tables.flatMap(({ name }) =>
        PRAGMAS.map((pragma) => db.knex().raw(`select * from pragma_${pragma}(?)`, [name])),
      )
      const indexes = await db
        .knex()
        .raw<{ name: string }[]>(`select name from sqlite_master where type = 'index' order by name`)
      const columns = indexes.map(({ name }) => db.knex().raw('select * from pragma_index_xinfo(?)', [name]))
      const all = { tables, details: await Promise.all(details), columns: await Promise.all(columns) }
      return JSON.parse(JSON.stringify(all), spaceless)
    }

    test.each([
      ['create table one (a int, b)', 'create table "one" (\n  "a" int,\n  "b"\n);'],
      [
        'CREATE TABLE  `one`(`id` INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,[b] varchar ( 255 )DEFAULT -1 Not Null Collate NOCASE)',
        'create table "one" (\n  "id" INTEGER primary key autoincrement not null,\n  "b" varchar(255) not null default -1 collate NOCASE\n);',
      ],
      [
        `create table one (a text default null check (a<>'x, (y' or length(a)>=2) unique on conflict replace, b as (a||'z') virtual)`,
        `create table "one" (\n  "a" text unique on conflict replace check (a <> 'x, (y' or length(a) >= 2) default null,\n  "b" as (a || 'z') virtual\n);`,
      ],
      [
        'create table one (a int constraint "no t" not null constraint pos check (a > -1), b blob default x\'0aFF\', c real default .5 , primary key (a desc, b collate rtrim)) without rowid, strict',
        `create table "one" (\n  "a" int constraint "no t" not null constraint "pos" check (a > -1),\n  "b" blob default x'0aFF',\n  "c" real default .5,\n  primary key ("a" desc, "b" collate rtrim)\n) without rowid, strict;`,
      ],
      [
        'create table one (a integer primary key, b int references One(a) ON UPDATE SET NULL ON DELETE SET DEFAULT not deferrable initially deferred default 3, foreign key (b) references one (a))',
        'create table "one" (\n  "a" integer primary key,\n  "b" int default 3 references "One" ("a") on delete set default on update set null not deferrable initially deferred,\n  foreign key ("b") references "one" ("a")\n);',
      ],
      [
        'create table "od""d" ("primary" int, \'s\' int, [x y] double precision generated always as (1.5e-3 * "primary") stored)',
        `create table "od""d" (\n  "primary" int,\n  's' int,\n  "x y" double precision generated always as (1.5e-3 * "primary") stored\n);`,
      ],
      [
        'create table one (a text); CREATE UNIQUE INDEX  i on `one` ( a collate nocase DESC, lower(a) ) WHERE a is not null',
        'create table "one" (\n  "a" text\n);\n\ncreate unique index "i" on "one" ("a" collate nocase desc, lower(a)) where a is not null;',
      ],
      [
        'create table one (a int /* the first */, -- and the second\n b int)',
        'CREATE TABLE one (a int /* the first */, -- and the second\n b int);',
      ],
    ])('%s', async (sql, text) => {
      await db.client(sql)
      const before = await known()
      expect(await written()).toBe(text)
      await db.empty()
      expect(await db.client(text)).toMatchObject({ code: 0 })
      expect(await known()).toEqual(before)
      expect(await written()).toBe(text)
    })
  },
  { only: ['sqlite'] },
)
