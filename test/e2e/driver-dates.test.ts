import { expect, it } from 'vitest'
import { describeEachDialect } from '../support/databases.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

describeEachDialect(
  'dates that the project has its driver tell in UTC',
  (db) => {
    const env = { TZ: 'America/New_York' }
    const project = (knexfile: string): TempProject => {
      const at = createTempProject({ files: { 'knexfile.js': knexfile } })
      at.revision({
        revision: 'a1',
        extension: 'js',
        upgrade: `
  await knex.schema.createTable('moments', (table) => {
    table.timestamp('clock', { useTz: false })
    table.date('day')
    table.specificType('days', 'date[]')
  })
  const moment = new Date('2020-01-01T00:00:00.5Z')
  const early = new Date('-000043-03-15T01:02:03Z')
  await knex('moments').insert([{ clock: moment, day: moment, days: [moment, early] }, { clock: early, day: early }])`,
      })
      return at
    }
    const rows = () => db.knex()('moments').select(knexText('clock'), knexText('day'), knexText('days'))
    const knexText = (column: string) => db.knex().raw('??::text', [column])

    it.each([
      ['import', "import pg from 'pg'\npg.defaults.parseInputDatesAsUTC = true"],
      [
        'require',
        "import { createRequire } from 'node:module'\ncreateRequire(import.meta.url)('pg').defaults.parseInputDatesAsUTC = true",
      ],
      ['nobody', ''],
    ])('are the same by script: %s', async (_, first) => {
      const at = project(`${first}\nexport default ${JSON.stringify(db.knexConfig())}\n`)
      await db.empty()
      expect(await at.rev(['upgrade'], { env })).toMatchObject({ code: 0 })
      const online = await rows()
      expect(online[0]?.day).toBe(first === '' ? '2019-12-31' : '2020-01-01')

      await db.empty()
      const { stdout, code } = await at.rev(['upgrade', '--sql'], { env })
      expect(code).toBe(0)
      expect(await db.client(stdout)).toMatchObject({ code: 0 })
      expect(await rows()).toEqual(online)
    })
  },
  { only: ['postgresql'] },
)
