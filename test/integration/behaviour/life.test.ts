import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import createKnex, { type Knex } from 'knex'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createRev, type Rev } from '../../../src/index.ts'
import { creates, errorOf, openRev, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { lateServer } from '../../support/late-server.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { type SpareDatabase, spareDatabase } from '../../support/spare-database.ts'
import { createTempProject, type TempProject } from '../../support/temp-project.ts'

const line = [creates('aaa', null), creates('bbb', 'aaa')]

function opened(config: Knex.Config): Knex {
  const knex = createKnex(config)
  onTestFinished(() => knex.destroy())
  return knex
}

/** A rev on a database that is not there yet, with two revisions and a seed. */
function onSpare(
  db: TestDatabase,
  rev: object = {},
  suffix = '',
): { rev: Rev; spare: SpareDatabase; project: TempProject } {
  const spare = spareDatabase(db, suffix)
  const project = createTempProject()
  for (const revision of line) project.revision(revision)
  project.write(
    'seeds/1_base.mjs',
    `export const seed = 'base'\nexport const depends_on = 'aaa'\nexport async function run(knex, { upsert }) {\n  await upsert('aaa', [{ id: 1 }, { id: 2 }], { key: 'id' })\n}\n`,
  )
  return { rev: createRev({ directory: project.path, config: { ...spare.knexConfig(), rev } }), spare, project }
}

describeEachDialect('rev db ping and rev db wait', (db) => {
  test('say who answers', async () => {
    const rev = openRev(db, [])
    await rev.db.create()
    const answer = await rev.db.ping()
    expect(answer).toMatchObject({ command: 'db ping', ms: expect.any(Number) })
    expect(answer.version).toMatch(/^\d+\.\d+/)
    const servers = { postgresql: /^PostgreSQL$/, mysql: /^(MariaDB|MySQL)$/, sqlite: /^SQLite$/ }
    expect(answer.server).toMatch(servers[db.dialect])
    expect(await rev.db.wait({ timeout: 0 })).toMatchObject({ exists: true, version: answer.version })
  })

  test('tell a database that is not there from a server that does not answer', async () => {
    const { rev, spare } = onSpare(db)
    expect((await errorOf(rev.db.ping())).code).toBe('REV_DATABASE_CONNECT_FAILED')
    expect(await rev.db.wait({ timeout: '5s' })).toMatchObject({ exists: false, server: undefined })
    expect(await spare.exists()).toBe(false)
  })
})

describeEachDialect(
  'rev db wait',
  (db) => {
    const through = (port: number): Knex.Config => {
      const config = db.knexConfig()
      const connection = { ...(config.connection as object), host: '127.0.0.1', port, socketPath: undefined }
      return { ...config, connection }
    }

    test('goes on until the server listens', async () => {
      const { address } = db
      if (address === undefined) throw new Error('no server')
      const late = await lateServer(address)
      const recorded = recordingReporter()
      const rev = createRev({ config: through(late.port), reporter: recorded.report })
      const waiting = rev.db.wait({ timeout: '60s' })
      await expect.poll(() => recorded.of('notice').length).toBeGreaterThan(0)
      await late.start()
      expect(await waiting).toMatchObject({ exists: true })
    })

    test('ends when the time is over, with the reason, and when it is told to', async () => {
      const { address } = db
      if (address === undefined) throw new Error('no server')
      const late = await lateServer(address)
      const rev = createRev({ config: through(late.port) })
      const error = await errorOf(rev.db.wait({ timeout: '400ms' }))
      expect(error).toMatchObject({ code: 'REV_LIFE_NO_ANSWER', exit: 3 })
      expect(error.message).toContain('ECONNREFUSED')
      const stop = new AbortController()
      const waiting = errorOf(rev.db.wait({ signal: stop.signal }))
      stop.abort()
      expect((await waiting).code).toBe('REV_INTERRUPTED')
    })

    test('does not wait for a login that is refused', async () => {
      const config = db.knexConfig()
      const connection = { ...(config.connection as object), user: 'rev_test_nobody', password: 'hunter2' }
      const error = await errorOf(createRev({ config: { ...config, connection } }).db.wait())
      expect(error.code).toBe('REV_DATABASE_CONNECT_FAILED')
      expect(JSON.stringify([error.message, error.details])).not.toContain('hunter2')
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect('rev db create and rev db drop', (db) => {
  test('make it, say when it is there already, and take it away again', async () => {
    const { rev, spare } = onSpare(db)
    expect(await rev.db.create()).toMatchObject({ created: true })
    expect(await spare.exists()).toBe(true)
    expect(await rev.db.create()).toMatchObject({ created: false })
    await rev.upgrade({ target: 'head' })

    expect(await rev.db.drop()).toMatchObject({ dropped: true })
    expect(await spare.exists()).toBe(false)
    if (db.dialect === 'sqlite') expect(existsSync(`${spare.name}-rev-lock`)).toBe(false)
    expect(await rev.db.drop()).toMatchObject({ dropped: false })
  })

  test('quote whatever the name is', async () => {
    const { rev, spare } = onSpare(db, {}, '-"odd`; drop')
    await rev.db.create()
    expect(await spare.exists()).toBe(true)
    await rev.db.drop({ force: true })
    expect(await spare.exists()).toBe(false)
  })

  test('create it once when many want it', async () => {
    const { rev, spare } = onSpare(db)
    const all = await Promise.all([1, 2, 3, 4].map(() => rev.db.create()))
    expect(all.filter(({ created }) => created)).toHaveLength(1)
    expect(await spare.exists()).toBe(true)
  })

  test('say that the user may not, and change nothing', async () => {
    if (db.dialect === 'sqlite') return
    const isPg = db.dialect === 'postgresql'
    const user = `rev_test_weak_${randomBytes(4).toString('hex')}`
    const { rev, spare } = onSpare(db)
    const knex = db.knex()
    await knex.raw(isPg ? `create role ${user} login password 'geheim'` : `create user ${user} identified by 'geheim'`)
    onTestFinished(async () => void (await knex.raw(isPg ? `drop role ${user}` : `drop user ${user}`)))
    const config = spare.knexConfig()
    const weak = createRev({
      config: { ...config, connection: { ...Object(config.connection), user, password: 'geheim' } },
    })

    for (const verb of [() => weak.db.create(), () => weak.setup()]) {
      const error = await errorOf(verb())
      // Where the user has no right at all, MariaDB and MySQL do not tell whether the database is there.
      expect(error).toMatchObject({ code: isPg ? 'REV_LIFE_NOT_CREATED' : 'REV_DATABASE_CONNECT_FAILED', exit: 1 })
      expect(error.hint).toMatch(isPg ? /right to create it/ : /does not tell whether the database is there/)
    }
    expect(await spare.exists()).toBe(false)
    await rev.setup()
    for (const verb of [
      () => weak.db.drop({ force: true }),
      () => weak.reset(),
      () => weak.reset({ dropDatabase: true }),
    ])
      expect((await errorOf(verb())).code).toMatch(/^REV_DATABASE_(?:QUERY|CONNECT)_FAILED$/)
    expect((await rev.current()).rows).toEqual(['bbb'])
  })

  test('drop nothing without consent; a protected environment wants the name', async () => {
    const { rev, spare } = onSpare(db)
    await rev.db.create()
    const refused = await errorOf(rev.db.drop({ agree: () => false }))
    expect(refused).toMatchObject({ code: 'REV_LIFE_UNCONFIRMED', exit: 2 })

    const config = { ...spare.knexConfig(), rev: { protected: true } }
    const careful = createRev({ config })
    for (const options of [{}, { agree: () => true }, { force: true }, { yesIMean: 'something' }]) {
      expect((await errorOf(careful.db.drop(options))).code).toBe('REV_LIFE_UNCONFIRMED')
    }
    expect(await spare.exists()).toBe(true)
    expect(await careful.db.drop({ yesIMean: spare.name })).toMatchObject({ dropped: true })
  })

  test('do not take the database away from a run that is at work', async () => {
    const { rev, spare, project } = onSpare(db)
    await rev.db.create()
    project.revision(creates('slow', 'bbb', { upgrade: `await new Promise((done) => globalThis.revTestGo = done)` }))
    const running = rev.upgrade({ target: 'head' })
    await expect.poll(() => 'revTestGo' in globalThis).toBe(true)
    const locked = await errorOf(rev.db.drop({ lockTimeout: 0, force: true }))
    expect(locked.code).toBe('REV_DATABASE_LOCKED')
    const reset = await errorOf(rev.reset({ lockTimeout: 0 }))
    expect(reset.code).toBe('REV_DATABASE_LOCKED')
    const scope = globalThis as { revTestGo?: () => void }
    scope.revTestGo?.()
    delete scope.revTestGo
    expect((await running).rows).toEqual(['slow'])
    expect(await spare.exists()).toBe(true)
  })

  test('refuse a Knex instance of the caller', async () => {
    const rev = createRev({ knex: db.knex() })
    expect((await errorOf(rev.db.drop())).code).toBe('REV_LIFE_NOT_OURS')
    expect(await rev.db.create()).toMatchObject({ created: false })
  })
})

describeEachDialect(
  'rev db drop',
  (db) => {
    test('names those who are connected, and ends their sessions when forced', async () => {
      const { rev, spare } = onSpare(db)
      await rev.db.create()
      const config = spare.knexConfig()
      const connection = { ...(config.connection as object), application_name: 'reports' }
      const other = opened({ ...config, connection, pool: { min: 1, max: 1 } })
      await other.raw('select 1')

      const error = await errorOf(rev.db.drop())
      expect(error).toMatchObject({ code: 'REV_LIFE_IN_USE', exit: 1 })
      expect(error.message).toContain('reports')
      expect(await spare.exists()).toBe(true)

      expect(await rev.db.drop({ force: true })).toMatchObject({ dropped: true })
      expect(await spare.exists()).toBe(false)
    })

    test('spares the databases of the server itself', async () => {
      const config = db.knexConfig()
      const rev = createRev({
        config: { ...config, connection: { ...(config.connection as object), database: 'postgres' } },
      })
      expect((await errorOf(rev.db.drop())).code).toBe('REV_LIFE_SYSTEM')
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'rev db drop on a file',
  (db) => {
    test('refuses while somebody writes to it', async () => {
      const { rev, spare } = onSpare(db)
      await rev.db.create()
      const other = opened(spare.knexConfig())
      const transaction = await other.transaction()
      await transaction.raw('create table written (id integer)')
      expect((await errorOf(rev.db.drop())).code).toBe('REV_LIFE_IN_USE')
      await transaction.rollback()
      expect(await rev.db.drop()).toMatchObject({ dropped: true })
    })

    test('a run that waited for the lock does not write into the file that is gone', async () => {
      const { rev, spare, project } = onSpare(db)
      await rev.db.create()
      project.revision(creates('slow', 'bbb', { upgrade: `await new Promise((done) => globalThis.revTestGo = done)` }))
      const first = rev.upgrade({ target: 'slow' })
      await expect.poll(() => 'revTestGo' in globalThis).toBe(true)
      const recorded = recordingReporter()
      const late = createRev({ directory: project.path, config: spare.knexConfig(), reporter: recorded.report })
      const second = errorOf(late.upgrade({ target: 'slow' }))
      await expect.poll(() => recorded.of('lock:wait').length).toBeGreaterThan(0)
      // What a drop does, at the moment at which the lock is given back.
      rmSync(spare.name)
      const scope = globalThis as { revTestGo?: () => void }
      scope.revTestGo?.()
      delete scope.revTestGo
      await first.catch(() => undefined)
      const error = await second
      expect(error.code).toBe('REV_DATABASE_LOCK_FAILED')
      expect(error.message).toContain('dropped or replaced')
    })
  },
  { only: ['sqlite'] },
)

describeEachDialect('rev setup', (db) => {
  test('brings a database up from nothing, and changes nothing the second time', async () => {
    const { rev, spare } = onSpare(db)
    expect(await rev.setup()).toMatchObject({
      command: 'setup',
      created: true,
      upgrade: { rows: ['bbb'], steps: [{ revision: 'aaa' }, { revision: 'bbb' }] },
      seed: { seeds: [{ seed: 'base', rows: 2 }] },
      noSeeds: undefined,
    })
    const knex = opened(spare.knexConfig())
    const events = async () => Number(Object.values((await knex('rev_event').count())[0] ?? {})[0])
    const before = await events()

    expect(await rev.setup()).toMatchObject({
      created: false,
      upgrade: { steps: [] },
      seed: { runId: undefined, seeds: [], left: [{ seed: 'base', why: 'done' }] },
    })
    expect(await events()).toBe(before)
  })

  test('leaves the seeds out when it is told to, where they have to be named, and where there are none', async () => {
    const { rev, spare, project } = onSpare(db)
    expect(await rev.setup({ seed: false, target: 'aaa' })).toMatchObject({
      upgrade: { rows: ['aaa'] },
      seed: undefined,
      noSeeds: 'no-seed',
    })
    const careful = createRev({ directory: project.path, config: { ...spare.knexConfig(), rev: { protected: true } } })
    expect(await careful.setup()).toMatchObject({ upgrade: { rows: ['bbb'] }, seed: undefined, noSeeds: 'protected' })
    project.clear('seeds')
    expect(await rev.setup()).toMatchObject({ seed: undefined, noSeeds: 'no-folder' })
  })

  test('creates nothing when the files cannot be used', async () => {
    const { rev, spare, project } = onSpare(db)
    project.write('versions/broken.ts', `export const revision = 'ccc'\nexport const down_revision = 'nowhere'\n`)
    expect((await errorOf(rev.setup())).code).toBe('REV_GRAPH_INVALID')
    project.clear('versions/broken.ts')
    expect((await errorOf(rev.setup({ target: 'nowhere' }))).code).toBe('REV_GRAPH_UNKNOWN_REVISION')
    project.write('seeds/2_broken.mjs', `export const seed = 'base'\nexport async function run() {}\n`)
    expect((await errorOf(rev.setup())).code).toBe('REV_SEED_INVALID')
    expect(await spare.exists()).toBe(false)
  })
})

describeEachDialect('rev reset', (db) => {
  beforeEach(() => db.empty())

  test('lists what it drops, drops it and sets up again', async () => {
    const recorded = recordingReporter()
    const rev = openRev(db, line, { reporter: recorded.report })
    await rev.upgrade({ target: 'head' })
    const knex = db.knex()
    await knex.schema.createTable('child', (table) => {
      table.integer('parent').unsigned().references('id').inTable('aaa')
    })
    await knex.raw('create view looking as select id from aaa')

    const result = await rev.reset()

    const dropped = result.dropped.map(({ kind, name }) => `${kind} ${name}`)
    expect(dropped).toEqual(expect.arrayContaining(['table aaa', 'table child', 'view looking', 'table rev_version']))
    expect(result).toMatchObject({ created: false, upgrade: { rows: ['bbb'] }, noSeeds: 'no-folder' })
    const told = recorded.of('notice').find(({ code }) => code === 'REV_NOTICE_RESET')
    expect(told?.message).toMatch(/reset drops from .*tables \(aaa, bbb, child, rev_event.*1 view \(looking\)/)
    expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
    expect((await rev.log()).runs).toHaveLength(1)

    await knex.schema.createTable('two\nlines, none of them true', (table) => table.integer('id'))
    await rev.reset()
    expect(recorded.of('notice').at(-1)?.message).toContain('"two\\nlines, none of them true"')
  })

  test('ends well, or with an error that says why, whoever is at it at the same time', async () => {
    const { rev, spare } = onSpare(db)
    await rev.setup()
    const verbs = [() => rev.reset(), () => rev.setup(), () => rev.reset(), () => rev.upgrade({ target: 'head' })]
    const ended = await Promise.allSettled(verbs.map((verb) => verb()))
    for (const one of ended) {
      if (one.status === 'rejected')
        expect(one.reason, String(one.reason)).toMatchObject({ code: expect.stringMatching(/^REV_(?!INTERNAL)/) })
    }
    // Whatever the order was, nothing is left half way that another run does not bring to its end.
    const last = await rev.setup()
    expect(last).toMatchObject({ upgrade: { rows: ['bbb'] }, noSeeds: undefined })
    expect(await rev.status()).toMatchObject({ ok: true, findings: [] })
    expect(await opened(spare.knexConfig())('aaa').orderBy('id').pluck('id')).toEqual([1, 2])
  })

  test('drops nothing without consent', async () => {
    const rev = openRev(db, line)
    await rev.upgrade({ target: 'head' })
    const asked: unknown[] = []
    const agree = (question: unknown): boolean => {
      asked.push(question)
      return false
    }
    expect((await errorOf(rev.reset({ agree }))).code).toBe('REV_LIFE_UNCONFIRMED')
    expect(asked).toMatchObject([{ objects: expect.arrayContaining([expect.objectContaining({ name: 'aaa' })]) }])
    expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])

    const careful = openRev(db, line, { config: { ...db.knexConfig(), rev: { protected: true } } })
    expect((await errorOf(careful.reset({ agree: () => true }))).code).toBe('REV_LIFE_UNCONFIRMED')
    expect(await careful.reset({ yesIMean: db.name })).toMatchObject({ noSeeds: 'protected' })
  })

  test('needs no consent where nothing is, and drops nothing when the files cannot be used', async () => {
    const rev = openRev(db, line)
    expect(await rev.reset({ agree: () => false })).toMatchObject({ dropped: [], upgrade: { rows: ['bbb'] } })
    rev.project.write('versions/broken.ts', `export const revision = 'ccc'\nexport const down_revision = 'nowhere'\n`)
    expect((await errorOf(rev.reset())).code).toBe('REV_GRAPH_INVALID')
    expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
  })

  test('keeps the table of its own lease', async () => {
    if (db.dialect === 'sqlite') return
    const rev = openRev(db, line, { config: { ...db.knexConfig(), rev: { lock: 'lease' } } })
    await rev.upgrade({ target: 'head' })
    const { dropped, upgrade } = await rev.reset()
    expect(dropped.map(({ name }) => name)).not.toContain('rev_lock')
    expect(upgrade.rows).toEqual(['bbb'])
  })

  test('drops and creates the database itself', async () => {
    const { rev, spare } = onSpare(db)
    expect(await rev.reset({ dropDatabase: true })).toMatchObject({ droppedDatabase: false, created: true })
    expect(await rev.reset({ dropDatabase: true })).toMatchObject({
      ...{ dropped: [], droppedDatabase: true, created: true },
      seed: { seeds: [{ seed: 'base' }] },
    })
    expect(await spare.exists()).toBe(true)
  })
})

describeEachDialect(
  'rev reset and rev db drop that are told to stop',
  (db) => {
    const WAITING = {
      postgresql: `select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and query like 'drop %'`,
      mysql: `select count(*) as n from information_schema.processlist where state like '%metadata lock%' and info like 'drop %'`,
    }
    /** A database in which somebody holds the table `bbb`, and what ends this. */
    async function held() {
      const { rev: first, spare, project } = onSpare(db)
      await first.setup()
      const holder = await opened(spare.knexConfig()).transaction()
      await holder.raw('select * from bbb')
      const waits = async (): Promise<number> => {
        const answer = await db.knex().raw(WAITING[db.dialect as keyof typeof WAITING])
        const [row] = (db.dialect === 'mysql' ? answer[0] : answer.rows) as { n: number | string }[]
        return Number(row?.n)
      }
      const tables = async (): Promise<string[]> => {
        const knex = opened(spare.knexConfig())
        const found = await Promise.all(['aaa', 'bbb'].map((name) => knex.schema.hasTable(name)))
        return ['aaa', 'bbb'].filter((_, index) => found[index])
      }
      const recorded = recordingReporter()
      const config = { ...spare.knexConfig(), rev: { tableLockTimeout: '60s' } }
      const told = createRev({ directory: project.path, config, reporter: recorded.report })
      return { rev: told, spare, recorded, waits, tables, letGo: () => holder.rollback() }
    }

    test('drop nothing more, although they could soon', async () => {
      const { rev, recorded, waits, tables, letGo } = await held()
      const stop = new AbortController()
      const resetting = errorOf(rev.reset({ signal: stop.signal }))
      await expect.poll(waits).toBe(1)
      stop.abort()
      const error = await resetting
      await letGo()
      expect(error.code).toBe('REV_INTERRUPTED')
      expect(await waits()).toBe(0)
      const told = recorded.of('notice').find(({ code }) => code === 'REV_NOTICE_HALF_RESET')
      if (db.dialect === 'postgresql') {
        expect(told).toBeUndefined()
        expect(await tables()).toEqual(['aaa', 'bbb'])
        expect((await rev.current()).rows).toEqual(['bbb'])
      } else {
        // What a DROP has committed is told, and no half of it looks like a whole database.
        expect(told?.message).toMatch(/^\d of \d+ objects are dropped for good/)
        expect(await tables()).toContain('bbb')
        expect((await rev.current()).rows).toEqual([])
      }
      expect(await rev.reset()).toMatchObject({ upgrade: { rows: ['bbb'] } })
    })

    test('leave the database', async () => {
      if (db.dialect === 'postgresql') return
      const { rev, spare, waits, tables, letGo } = await held()
      const stop = new AbortController()
      const dropping = errorOf(rev.db.drop({ signal: stop.signal }))
      await expect.poll(waits).toBe(1)
      stop.abort()
      expect((await dropping).code).toBe('REV_INTERRUPTED')
      await letGo()
      expect(await spare.exists()).toBe(true)
      expect(await tables()).toEqual(['aaa', 'bbb'])
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'rev reset with schemas',
  (db) => {
    beforeEach(() => db.empty())

    test('drops every kind of thing, and leaves other schemas and extensions alone', async () => {
      const knex = db.knex()
      await knex.raw(`create schema shop; create schema other;
        create extension if not exists pgcrypto schema shop;
        create type shop.mood as enum ('good', 'bad'); create domain shop.price as numeric check (value > 0);
        create type shop.pair as (a integer, b integer); create type shop.span as range (subtype = integer);
        create sequence shop.counter; create table shop.item (id serial primary key, mood shop.mood, price shop.price);
        create table shop.part (id bigint generated always as identity, item integer references shop.item) partition by range (id);
        create table shop.part_1 partition of shop.part for values from (1) to (10);
        create view shop.looking as select id from shop.item; create materialized view shop.kept as select id from shop.looking;
        create function shop.twice(integer) returns integer language sql as 'select $1 * 2';
        create function shop.twice(text) returns text language sql as 'select $1 || $1';
        create procedure shop.nothing() language sql as 'select 1';
        create aggregate shop.total(integer) (sfunc = int4pl, stype = integer, initcond = '0');
        create aggregate shop.number(*) (sfunc = int8inc, stype = bigint, initcond = '0');
        create aggregate shop.middle(float8 order by float8) (sfunc = ordered_set_transition, stype = internal,
          finalfunc = percentile_disc_final, finalfunc_extra);
        create function shop.several(variadic integer[]) returns integer language sql as 'select 1';
        create function shop.mooded(shop.mood, shop.item) returns integer language sql as 'select 1';
        create function shop.outs(a integer default 3, out b integer, out c text) language sql as $$select 1, 'x'$$;
        create procedure shop.both(inout integer) language sql as 'select 1';
        create operator shop.=== (leftarg = integer, rightarg = integer, function = int4eq);
        create function shop.worst(shop.mood) returns integer language sql as 'select 1';
        create operator shop.!! (rightarg = shop.mood, function = shop.worst);
        create operator family shop.ways using btree;
        create operator class shop.way for type integer using btree family shop.ways as operator 1 <, function 1 btint4cmp(integer, integer);
        create collation shop.plain (locale = 'C'); create conversion shop.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
        create text search dictionary shop.words (template = simple); create text search configuration shop.texts (copy = english);
        alter text search configuration shop.texts alter mapping for word with shop.words;
        create statistics shop.figures on mood, price from shop.item;
        create rule quiet as on delete to shop.item do also nothing;
        create table shop."Odd ""Name" ("ä b" integer);
        create view shop."Vü" as select * from shop."Odd ""Name";
        create function shop.touched() returns trigger language plpgsql as 'begin return new; end';
        create trigger touched before update on shop.item for each row execute function shop.touched();
        create table other.safe (id integer)`)
      const config = { ...db.knexConfig(), rev: { schemas: ['shop', 'nowhere'] } }
      const rev = openRev(db, line, { config })
      await rev.upgrade({ target: 'head', allowNonEmpty: true })

      const { dropped } = await rev.reset({ seed: false }).catch((error: unknown) => {
        // aaa and bbb are in public, which is not named: the version table is gone, and they are not.
        expect(error).toMatchObject({ code: 'REV_DATABASE_NOT_EMPTY' })
        return { dropped: [] }
      })
      expect(dropped).toEqual([])
      const left = await knex.raw<{ rows: { name: string }[] }>(
        `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('shop', 'other') and c.relkind in ('r', 'p', 'v', 'm', 'S', 'c') order by 1`,
      )
      expect(left.rows.map(({ name }) => name)).toEqual(['other.safe'])
      // Whatever depends on a schema stands in it: what is left belongs to the extension.
      const inShop = await knex.raw<{ rows: { name: string; belongs: boolean }[] }>(
        `select pg_describe_object(d.classid, d.objid, 0) as name, exists (select 1 from pg_depend e
           where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e') as belongs
         from pg_depend d where d.refclassid = 'pg_namespace'::regclass and d.refobjid = 'shop'::regnamespace`,
      )
      expect(inShop.rows.filter(({ belongs }) => !belongs)).toEqual([{ name: 'extension pgcrypto', belongs: false }])
      expect(inShop.rows.map(({ name }) => name)).toContain('function shop.crypt(text,text)')
    })

    test.each([
      ['a foreign key', 'create table other.child (id integer references public.aaa)', 'child'],
      ['a view', 'create view other.looking as select id from public.aaa', 'looking'],
      ['a column', 'create table other.child (mood public.mood)', 'mood'],
      ['a default', `create table other.child (id integer default nextval('public.counter'))`, 'default'],
      ['an index', 'create table other.t (id integer); create index byid on other.t (public.one(id))', 'byid'],
      [
        'a rule',
        'create table other.t (id integer); create rule r as on insert to other.t do delete from aaa',
        'rule r',
      ],
      ['a check of a domain', 'create domain other.d as integer check (public.one(value) > 0)', 'd_check'],
      ['an operator', 'create operator other.=== (rightarg = integer, function = public.one)', '==='],
      ['a publication', 'create publication rev_test_all for table public.aaa', 'rev_test_all'],
    ])('refuses when %s of another schema would go along', async (_name, sql, named) => {
      const rev = openRev(db, line)
      await rev.upgrade({ target: 'head' })
      await db
        .knex()
        .raw(`create schema other; create type public.mood as enum ('good'); create sequence public.counter;
          create function public.one(integer) returns integer immutable language sql as 'select 1'`)
      await db.knex().raw(sql)
      const error = await errorOf(rev.reset())
      expect(error).toMatchObject({ code: 'REV_LIFE_OUTSIDE' })
      expect(error.message).toContain(named)
      expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
      expect((await rev.current()).rows).toEqual(['bbb'])
    })

    test('drops in one transaction: a table that somebody holds leaves everything as it was', async () => {
      const rev = openRev(db, line, { config: { ...db.knexConfig(), rev: { tableLockTimeout: '200ms' } } })
      await rev.upgrade({ target: 'head' })
      const held = await db.knex().transaction()
      await held.raw('select * from bbb')
      expect((await errorOf(rev.reset())).code).toBe('REV_DATABASE_QUERY_FAILED')
      await held.rollback()
      expect((await rev.current()).rows).toEqual(['bbb'])
      expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
    })

    test.each(['pg_catalog', 'information_schema'])('does not touch %s', async (schema) => {
      const rev = openRev(db, line, { config: { ...db.knexConfig(), rev: { schemas: schema } } })
      expect((await errorOf(rev.reset())).code).toBe('REV_LIFE_SYSTEM')
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'rev reset on MariaDB and MySQL',
  (db) => {
    beforeEach(() => db.empty())

    test('drops packages of MariaDB, sequences, and tables and views of every kind', async () => {
      const rev = openRev(db, line)
      await rev.upgrade({ target: 'head' })
      const [rows] = await db.knex().raw<[{ version: string }[]]>('select version() as version')
      const isMariaDb = /mariadb/i.test(rows?.[0]?.version ?? '')
      const knex = opened({ ...db.knexConfig(), pool: { min: 1, max: 1 } })
      await knex.raw('create table parted (id int) partition by hash (id) partitions 3')
      await knex.raw('create table `Odd ``name` (id int)')
      await knex.raw('create view `Vü` as select * from `Odd ``name`')
      await knex.raw('create view looking as select * from `Vü`')
      if (isMariaDb) {
        await knex.raw('create sequence counter')
        await knex.raw('create table kept (id int) with system versioning')
        await knex.raw(`set session sql_mode = 'ORACLE'`)
        await knex.raw('create package kit as function one return int; end')
        await knex.raw('create package body kit as function one return int as begin return 1; end; end')
      }
      const names = (await rev.reset()).dropped.map(({ kind, name }) => `${kind} ${name}`)
      const ofMariaDb = isMariaDb ? ['sequence counter', 'table kept', 'package kit'] : []
      expect(names).toEqual(expect.arrayContaining(['table parted', 'table Odd `name', 'view Vü', ...ofMariaDb]))
      expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
      expect((await rev.reset()).dropped.map(({ kind }) => kind)).not.toContain('package')
    })

    test('drops routines and events, too', async () => {
      const rev = openRev(db, line)
      await rev.upgrade({ target: 'head' })
      await db.knex().raw('create procedure `od``d`() select 1')
      await db.knex().raw('create function one() returns integer deterministic return 1')
      await db.knex().raw('create event later on schedule every 1 day disable do select 1')
      const { dropped } = await rev.reset()
      const names = dropped.map(({ kind, name }) => `${kind} ${name}`)
      expect(names).toEqual(expect.arrayContaining(['procedure od`d', 'function one', 'event later', 'table aaa']))
      expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
    })

    test('refuses when a table of another database points at one of these', async () => {
      const rev = openRev(db, line)
      await rev.upgrade({ target: 'head' })
      const { rev: other, spare } = onSpare(db)
      await other.db.create()
      const knex = opened(spare.knexConfig())
      await knex.raw('create table child (id int unsigned, foreign key (id) references ??.aaa (id))', [db.name])
      const error = await errorOf(rev.reset())
      expect(error).toMatchObject({ code: 'REV_LIFE_OUTSIDE' })
      expect(error.message).toContain('child')
      expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
    })
  },
  { only: ['mysql'] },
)
