import { describe, expect, it } from 'vitest'
import { modulesLoadedBy } from '../support/loaded-modules.ts'
import { repository } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const HEAVY = /node_modules\/(knex|jiti|handlebars|pg|mysql2|better-sqlite3)\//

function project(): TempProject {
  const created = createTempProject({
    files: {
      'knexfile.js': "export default { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' } }\n",
    },
  })
  created.revision({ revision: 'aaa1', labels: 'main' })
  return created
}

describe('modules', () => {
  it.each([
    [['--help']],
    [['upgrade', '--help']],
    [['heads']],
    [['history']],
    [['branches']],
    [['show', 'aaa1']],
    [['check']],
  ])('%j loads neither knex, nor a driver, nor jiti, nor handlebars', async (args) => {
    const { loaded, code } = await modulesLoadedBy(project(), args)

    expect(code).toBe(0)
    expect(loaded.length).toBeGreaterThan(5)
    expect(loaded.filter((module) => HEAVY.test(module))).toEqual([])
  })

  it('the list sees what does load knex', async () => {
    const { loaded, code } = await modulesLoadedBy(project(), ['upgrade', '--plan'])
    expect(code).toBe(0)
    expect(loaded.some((module) => /node_modules\/knex\//.test(module))).toBe(true)
  })

  it('--help reads no part of rev below the command line but errors and the version of the package', async () => {
    const { loaded } = await modulesLoadedBy(project(), ['--help'])
    const own = loaded
      .filter((module) => module.includes(`${repository}/dist/`))
      .map((module) => module.split('/dist/')[1])
    expect(own.filter((module) => !/^(cli|errors)\/|^platform/.test(module ?? '')).sort()).toEqual([
      'script/package-version.js',
      'script/reason.js',
    ])
  })
})
