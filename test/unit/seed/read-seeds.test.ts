import { describe, expect, it } from 'vitest'
import { readSeeds } from '../../../src/seed/files/read-seeds.ts'
import { failureOf, folderWith } from '../../support/folder-with.ts'

const read = (files: Readonly<Record<string, string>>) => {
  const folder = folderWith(files)
  return readSeeds([folder], folder)
}
const problemsOf = async (files: Readonly<Record<string, string>>): Promise<string[]> =>
  (await read(files)).problems.map(({ problem }) => problem)

const RUN = 'export async function run() {}\n'

describe('reading seed files', () => {
  it('takes every kind, in natural order, and passes over what is none', async () => {
    const { seeds, problems, notices } = await read({
      '10_code.ts': `/**\n * Ten.\n */\nimport type { Knex } from 'knex'\nexport const seed = 'ten'\nexport const depends_on: string[] = ['two']\nexport const tags = 'reference'\n${RUN}`,
      '2_code.cjs': `exports.seed = 'two'\nexports.mode = 'always'\nexports.environments = ['test']\nexports.scenario = ['a', 'b']\nexports.run = () => {}\n`,
      '3_default.mjs': `export default { seed: 'three', mode: 'onchange', run() {} }\n`,
      '4_plain.cjs': `exports.seed = async (knex) => {}\n`,
      '5_data.sql': `-- A word.\n-- seed: sql\n-- mode: onchange\n-- depends_on: two, ten\n\nselect 1;\n`,
      '6_data.csv': `# table: t\n# key: a, b\na,b\n1,2\n`,
      '7_data.json': `{ "seed": "json", "table": "t", "key": "a", "rows": [] }`,
      'rows.json': '[1, 2]',
      'rows.csv': 'a,b\n1,2\n',
      'helper.sql': 'select 1',
      'README.md': '# seeds',
      'types.d.ts': 'export type A = 1',
      '.hidden.ts': 'nonsense(',
      'sub/other.ts': 'nonsense(',
    })

    expect(problems).toEqual([])
    expect(
      seeds.map(({ seed, mode, dependsOn, environments, tags, scenarios, message }) => [
        seed,
        mode,
        dependsOn,
        environments,
        tags,
        scenarios,
        message,
      ]),
    ).toEqual([
      ['two', 'always', [], ['test'], [], ['a', 'b'], ''],
      ['three', 'onchange', [], undefined, [], [], ''],
      ['4_plain', 'always', [], undefined, [], [], ''],
      ['sql', 'onchange', ['two', 'ten'], undefined, [], [], ''],
      ['6_data', 'once', [], undefined, [], [], ''],
      ['json', 'once', [], undefined, [], [], ''],
      ['ten', 'once', ['two'], undefined, ['reference'], [], 'Ten.'],
    ])
    expect(notices.map(({ code }) => code)).toEqual(Array(3).fill('REV_NOTICE_NOT_A_SEED'))
  })

  it('runs no file whose text says it all, and no plain seed', async () => {
    const { seeds, problems } = await read({
      'a.mjs': `import nothing from '@nowhere/at-all'\nexport const seed = 'a'\n${RUN}`,
      'b.mjs': `import nothing from '@nowhere/at-all'\nexport async function seed(knex) {}\n`,
      'c.mjs': `const name = 'c'\nexport const seed = name + name\n${RUN}`,
    })

    expect(problems).toEqual([])
    expect(seeds.map(({ seed }) => seed)).toEqual(['a', 'b', 'cc'])
  })

  it('tells each fault of each file', async () => {
    expect(
      await problemsOf({
        'a.mjs': `export const seed = 'a'\nexport const mode = 'twice'\nexport const dependsOn = 'b'\n${RUN}`,
        'b.mjs': `export const seeds = 'b'\n${RUN}`,
        'c.mjs': RUN,
        'd.csv': '# table: t\na\n1\n',
        'e.json': '{ "table": "t", "key": "a" }',
        'f.json': '{ nonsense',
        'g.sql': '-- seed: g\n-- mode: sometimes\nselect 1',
        'h.mjs': `export const seed = '-h'\n${RUN}`,
        'i.mjs': 'export const seed = nothing\n',
        'j.csv': '# table: t\n# key: a\n# moed: always\n# tag: demo\na\n1\n',
        'k.mjs': `export const seed = 'k'\nexport const env = 'test'\nexport const code = 1\n${RUN}`,
      }),
    ).toEqual([
      `"mode" must be 'once', 'onchange' or 'always', it is "twice"`,
      '"dependsOn" is not known here: it is called "depends_on"',
      'it is no seed: did you mean "seed" where it exports "seeds"?',
      expect.stringContaining('it exports no name'),
      expect.stringContaining('"key" must name the column'),
      '"rows" must be a list of objects',
      expect.stringContaining('it is not valid JSON'),
      expect.stringContaining('"sometimes"'),
      expect.stringContaining('cannot be the name of a seed'),
      expect.stringContaining('i.mjs'),
      '"moed" is not known here: it is called "mode"',
      '"tag" is not known here: it is called "tags"',
      '"env" is not known here: it is called "environments"',
    ])
  })

  it('checks what a file does when it is loaded, and that it is what its text said', async () => {
    const { get } = await read({
      'a.mjs': `export const seed = 'a'\nexport const upgrade = () => {}\n`,
      'b.mjs': `export const seed = 'b'\nexport const run = 1, undo = 2, transaction = 'no'\n`,
      'c.mjs': `export const seed = 'c'\nexport const run = () => 7\n`,
    })
    const faults = async (name: string): Promise<unknown> => (await failureOf(async () => get(name)?.load())).details

    expect(await faults('a')).toMatchObject({
      problems: [{ problem: expect.stringContaining('"upgrade" is for revisions') }],
    })
    expect(await faults('b')).toMatchObject({ problems: [{}, {}, {}] })
    expect(await get('c')?.load()).toMatchObject({ transaction: true, undo: undefined })
  })

  it('uses the source where what was compiled from it lies beside it', async () => {
    const { seeds, notices } = await read({
      'a.ts': `export const seed = 'a'\n${RUN}`,
      'a.js': `exports.seed = 'a'\n`,
      'a.json': '[]',
    })

    expect(seeds.map(({ file }) => file?.slice(-4))).toEqual(['a.ts'].map((name) => `/${name}`.slice(-4)))
    expect(notices.map(({ code }) => code)).toEqual(['REV_NOTICE_TWIN', 'REV_NOTICE_NOT_A_SEED'])
  })

  it('refuses folders that are not there, all at once', async () => {
    expect(await failureOf(() => readSeeds(['/nowhere/a', '/nowhere/b'], '/'))).toMatchObject({
      code: 'REV_SEED_LOCATION_MISSING',
      details: { directories: ['/nowhere/a', '/nowhere/b'] },
    })
  })
})
