import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
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
