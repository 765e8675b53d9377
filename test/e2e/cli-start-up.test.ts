import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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
    const parts = ownParts((await modulesLoadedBy(project(), ['--help'])).loaded)
    expect(parts).toContain('cli/help.ts')
    expect(parts.filter((part) => !/^(?:cli|errors)\//.test(part))).toEqual([
      'events.ts',
      'platform.cts',
      'script/package-version.ts',
      'script/reason.ts',
    ])
  })

  it('heads reads no part of rev that has to do with databases, scripts in SQL, seeds or other commands', async () => {
    const parts = ownParts((await modulesLoadedBy(project(), ['heads'])).loaded)
    expect(parts).toContain('graph/revision-graph.ts')
    expect(parts.filter((part) => /^(?:database|sql|offline|seed)\//.test(part))).toEqual([])
    expect(parts.filter((part) => part.startsWith('commands/'))).toEqual([
      'commands/heads.ts',
      'commands/open-context.ts',
      'commands/revision-info.ts',
    ])
  })

  it.each([
    [['--help'], 6],
    [['heads'], 18],
    // One of them parts what a script needs of the database's layer from all that only a run does.
    [['upgrade', '--sql'], 25],
  ])('%j reads few files of rev', async (args, most) => {
    const { loaded, code } = await modulesLoadedBy(project(), args)
    expect(code).toBe(0)
    expect(ownFiles(loaded).length).toBeLessThanOrEqual(most)
  })
})

/** Each file of the package's code once, absolute. */
function ownFiles(loaded: readonly string[]): string[] {
  const paths = loaded.map((module) => (module.startsWith('file:') ? fileURLToPath(module) : module))
  return [...new Set(paths)].filter((path) => path.startsWith(`${repository}/dist/`))
}

/** The files of src/ that are in them; the build writes the name of each before its code. */
function ownParts(loaded: readonly string[]): string[] {
  const texts = ownFiles(loaded).map((file) => readFileSync(file, 'utf8'))
  return texts.flatMap((text) => [...text.matchAll(/^\/\/ src\/(.+)$/gm)].map(([, name = '']) => name)).sort()
}
