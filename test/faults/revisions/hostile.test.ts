import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { onlyShort } from '../settings.ts'
import { useField } from '../use-field.ts'

/** Texts that mean something to SQL, to the clients of databases, to JavaScript, to shells, terminals and file systems. */
const MESSAGES = [
  `'; drop table ledger; --`,
  '`; drop table ledger; --',
  '$$; drop table ledger; $$',
  '*/ drop table ledger; /*! drop table ledger */',
  'first line\ndrop table ledger;\n\\! touch owned\n.shell touch owned',
  '$' + '{process.exit(9)} `touch owned` $(touch owned)',
  '%s %d ? ?? :name {{revision}}',
  '../../../owned /etc/owned C:\\owned',
  'CON',
  '\u001b[2J\u0007\u2028\u202e',
  'prénom 名前 🙂',
  'x'.repeat(300),
]
const IDS = [`a'; drop table ledger; --`, 'a`b', 'a\nb', '../owned', '$$', 'a b', 'ä', '']

describeEachDialect(
  'hostile words',
  (db) => {
    const field = useField(db)
    beforeEach(() => {
      field.project.revision({
        revision: 'aaa',
        upgrade: `await knex.schema.createTable('ledger', (table) => { table.integer('part') })`,
      })
    })

    test('in messages, arguments, tags and reasons are words', async () => {
      for (const message of MESSAGES) {
        const { code, stderr } = await field.rev(['revision', '-m', message])
        expect(code, stderr).toBe(0)
      }
      const [first = '', second = ''] = MESSAGES
      const words = ['--tag', first, '-x', `key=${second}`, '--reason', MESSAGES.join(' ')]

      const up = await field.rev(['upgrade', 'head', '--json', ...words])
      const log = await field.rev(['log', '--json'])
      const history = await field.rev(['history', '--verbose'])
      const down = await field.rev(['downgrade', 'aaa', ...words])

      expect(up, up.stderr).toMatchObject({ code: 0 })
      expect(JSON.parse(up.stdout).steps).toHaveLength(MESSAGES.length + 1)
      expect(JSON.parse(log.stdout).runs[0].reason).toContain('drop table ledger')
      expect(history.code, history.stderr).toBe(0)
      expect(history.stdout).not.toContain('\u001b[2J')
      expect(down, down.stderr).toMatchObject({ code: 0 })
      expect(await db.tables()).toContain('ledger')
      expect(readdirSync(join(field.project.path, 'versions'))).toHaveLength(MESSAGES.length + 1)
      for (const place of [field.project.path, dirname(field.project.path), '/etc']) {
        expect(existsSync(join(place, 'owned'))).toBe(false)
      }
    })

    test('that are no ids are refused before anything is run, each with its file', async () => {
      await field.rev(['upgrade', 'head'])
      for (const [at, id] of IDS.entries()) {
        field.project.write(
          `versions/hostile${at}.js`,
          `export const revision = ${JSON.stringify(id)}
export const down_revision = 'aaa'
export async function upgrade(knex) { await knex.schema.dropTable('ledger') }
export async function downgrade() {}
`,
        )
      }

      const { code, stdout } = await field.rev(['upgrade', 'heads', '--json'])

      const { error } = JSON.parse(stdout)
      const files = error.details.problems.map(({ file }: { file?: string }) => basename(file ?? ''))
      expect(code).toBe(1)
      expect(error.code).toBe('REV_GRAPH_INVALID')
      for (const at of IDS.keys()) expect(files).toContain(`hostile${at}.js`)
      expect(await field.rows()).toEqual(['aaa'])
      expect(await db.tables()).toContain('ledger')
    })
  },
  onlyShort('sqlite'),
)
