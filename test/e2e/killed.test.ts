import { beforeAll, beforeEach, expect, test } from 'vitest'
import { rowsOf, tablesOf } from '../support/behaviour.ts'
import { describeEachDialect } from '../support/databases.ts'
import { type RunningProcess, startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

// Statements that the server is at for a while, and commits by itself.
const SLOW = {
  mysql: `await knex.raw('create table slow as select sleep(2) as n')`,
  postgresql: `await knex.raw('create index concurrently slow on one (slowly(n))')`,
} as const
const OUTSIDE = 'export const transaction = false'

describeEachDialect(
  'a process that is killed in the middle of a statement that commits by itself',
  (db) => {
    let project: TempProject
    beforeAll(() => {
      project = createTempProject({ lifetime: 'manual' })
      project.write('knexfile.json', JSON.stringify(db.knexConfig()))
      return project.remove
    })
    beforeEach(() => {
      project.clear('versions')
      return db.empty()
    })
    const start = (...args: string[]): RunningProcess => startRev([...args, '--verbose'], { cwd: project.path })
    const dialect = db.dialect === 'mysql' ? 'mysql' : 'postgresql'

    const killOnce = async (isAtIt: () => Promise<boolean>): Promise<void> => {
      const run = start('upgrade', 'head')
      await run.saw(/the next one is slow/)
      while (!(await isAtIt())) expect(run.process.exitCode).toBeNull()
      run.process.kill('SIGKILL')
      await run.done
    }
    const serverIsAt = (words: string) => async (): Promise<boolean> => {
      const text = `%${words}%`
      if (dialect === 'postgresql') {
        const { rows } = await db
          .knex()
          .raw(`select 1 from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like ?`, [
            text,
          ])
        return rows.length > 0
      }
      const [rows] = await db
        .knex()
        .raw(
          'select 1 from information_schema.processlist where id <> connection_id() and db = database() and info like ?',
          [text],
        )
      return rows.length > 0
    }

    test('the next run waits for the server, finds out what became of it, and goes on', async () => {
      if (dialect === 'postgresql') {
        await db.knex().raw(`create function slowly(n int) returns int immutable language plpgsql as
          $$ begin perform pg_sleep(1); return n; end $$`)
      }
      project.revision({
        revision: 'aaa',
        extra: OUTSIDE,
        upgrade: `
          await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
          await knex('one').insert([{ n: 1 }, { n: 2 }])
          context.log('the next one is slow')
          ${SLOW[dialect]}
          await knex('one').insert({ n: 3 })`,
      })
      await killOnce(serverIsAt(dialect === 'mysql' ? 'create table slow' : 'concurrently slow'))

      const next = await start('upgrade', 'head', '--lock-timeout', '30s', '--allow-non-empty').done

      expect(next.stderr).toContain('goes on where it stopped')
      expect(next, next.stderr).toMatchObject({ code: 0 })
      expect(await rowsOf(db)).toEqual(['aaa'])
      expect((await db.knex()('one').orderBy('id').pluck('n')).map(Number)).toEqual([1, 2, 3])
      expect(await db.knex()('rev_step').select()).toEqual([])
      if (dialect === 'mysql') expect(await tablesOf(db)).toEqual(['one', 'slow'])
      else
        expect(
          (await db.knex().raw('select indisvalid from pg_index where indexrelid = to_regclass($$slow$$)')).rows,
        ).toEqual([{ indisvalid: true }])
    })

    test('what nobody can find out is asked, and a word settles it', async () => {
      const body = dialect === 'mysql' ? 'begin insert into one (n) values (7); do sleep(2); end' : ''
      const routine =
        dialect === 'mysql'
          ? `create procedure fill() ${body}`
          : `create procedure fill() language plpgsql as $$ begin insert into one (n) values (7); commit; perform pg_sleep(2); end $$`
      project.revision({
        revision: 'aaa',
        extra: OUTSIDE,
        upgrade: `
          await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
          await knex.raw(\`${routine}\`)
          context.log('the next one is slow')
          await knex.raw('call fill()')
          await knex('one').insert({ n: 8 })`,
      })
      await killOnce(async () => (await db.knex()('one').where({ n: 7 })).length > 0)

      const asks = await start('upgrade', 'head', '--lock-timeout', '30s').done
      expect(asks).toMatchObject({ code: 1 })
      expect(asks.stderr).toContain('error REV_JOURNAL_UNSETTLED')
      expect(asks.stderr).toContain('call fill()')
      expect(asks.stderr).toContain('rev repair aaa --resume --unknown done')
      const again = await start('repair', 'aaa', '--resume').done
      expect(again.stderr).toContain('error REV_JOURNAL_UNSETTLED')

      const settled = await start('repair', 'aaa', '--resume', '--unknown', 'done', '--reason', 'it is there').done

      expect(settled, settled.stderr).toMatchObject({ code: 0 })
      expect(settled.stdout).toMatch(/^repair: went on with aaa; .* is at aaa\n$/)
      expect((await db.knex()('one').orderBy('id').pluck('n')).map(Number)).toEqual([7, 8])
      expect(await rowsOf(db)).toEqual(['aaa'])
    })

    test('repair is told one thing, and why', async () => {
      project.revision({ revision: 'aaa' })

      const none = await start('repair', 'aaa').done
      const two = await start('repair', 'aaa', '--resume', '--rerun').done
      const silent = await start('repair', 'aaa', '--applied').done
      const lone = await start('repair', 'aaa', '--rerun', '--unknown', 'done').done

      expect([none, two, silent, lone].map(({ code }) => code)).toEqual([2, 2, 2, 2])
      expect(none.stderr).toContain('choose one: rev repair aaa --resume | --rerun')
      expect(two.stderr).toContain('was told --resume and --rerun')
      expect(silent.stderr).toContain('rev repair aaa --applied --reason')
      expect(lone.stderr).toContain('REV_USAGE_NEEDS_OPTION')
    })
  },
  { only: ['mysql', 'postgresql'] },
)
