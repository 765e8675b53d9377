import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveSettings } from '../../../src/script/settings-from-options.ts'
import type { RevOptions } from '../../../src/settings.ts'
import { failureOf, folderWith } from '../../support/folder-with.ts'

const resolveIn = (directory: string, options: unknown) =>
  resolveSettings(options as RevOptions, { directory, file: join(directory, 'knexfile.ts') })

async function problemsOf(options: unknown): Promise<readonly string[]> {
  const failure = await failureOf(() => resolveIn('/project', options))
  expect(failure).toMatchObject({ code: 'REV_CONFIG_INVALID', details: { file: '/project/knexfile.ts' } })
  return (failure.details as { problems: readonly string[] }).problems
}

describe('the settings', () => {
  it('have defaults, for no object, an empty one, and null or undefined in it', () => {
    const defaults = resolveIn('/project', undefined)

    expect(defaults).toEqual({
      versionLocations: [{ path: '/project/versions', label: undefined }],
      recursiveVersionLocations: false,
      versionTable: 'rev_version',
      schema: undefined,
      lockTimeoutMs: 60_000,
      lock: 'session',
      leaseTimeMs: 30_000,
      onFailure: 'stop',
      templatesDirectory: undefined,
      template: undefined,
      fileTemplate: '%(rev)s_%(slug)s',
      timezone: 'UTC',
      truncateSlugLength: 40,
      postWriteHooks: [],
      role: undefined,
      seedLocations: ['/project/seeds'],
      protected: false,
    })
    expect(resolveIn('/project', {})).toEqual(defaults)
    expect(resolveIn('/project', { schema: null, lockTimeout: undefined })).toEqual(defaults)
  })

  it('resolve paths from the folder of the knexfile', () => {
    const settings = resolveIn('/project', {
      versionLocations: ['db/versions', '../shared', '/abs', { path: 'billing', label: 'billing' }],
      postWriteHooks: [{ command: 'prettier', cwd: 'web' }],
    })

    expect(settings.versionLocations).toEqual([
      { path: '/project/db/versions', label: undefined },
      { path: '/shared', label: undefined },
      { path: '/abs', label: undefined },
      { path: '/project/billing', label: 'billing' },
    ])
    expect(settings.postWriteHooks).toEqual([{ name: 'prettier', command: 'prettier', args: [], cwd: '/project/web' }])
  })

  it('take one version location as text', () => {
    expect(resolveIn('/project', { versionLocations: 'm' }).versionLocations).toEqual([
      { path: '/project/m', label: undefined },
    ])
  })

  it('are not what every object has', async () => {
    const options = JSON.parse('{ "__proto__": { "versionTable": "x" }, "constructor": 1, "toString": null }')

    expect(await problemsOf(options)).toEqual([
      '__proto__: there is no such setting',
      'constructor: there is no such setting',
      'toString: there is no such setting',
    ])
  })

  it('find the templates beside the knexfile, and a named folder only where it is', async () => {
    const folder = folderWith()
    mkdirSync(join(folder, 'templates'))

    expect(resolveIn(folder, {}).templatesDirectory).toBe(join(folder, 'templates'))
    expect(await problemsOf({ templates: 'nowhere' })).toEqual([expect.stringContaining('/project/nowhere')])
  })

  it('split hooks that are text, without a shell', () => {
    const { postWriteHooks } = resolveIn('/project', { postWriteHooks: [`biome check "a b" 'c;d' $HOME`] })

    expect(postWriteHooks).toEqual([
      { name: 'biome', command: 'biome', args: ['check', 'a b', 'c;d', '$HOME'], cwd: undefined },
    ])
  })

  for (const [value, ms] of [
    [1500, 1500],
    [0, 0],
    ['0', 0],
    ['500ms', 500],
    ['60s', 60_000],
    ['1.5 m', 90_000],
    ['1h', 3_600_000],
  ] as const) {
    it(`understand ${JSON.stringify(value)} as a length of time`, () => {
      expect(resolveIn('/project', { lockTimeout: value }).lockTimeoutMs).toBe(ms)
    })
  }

  for (const value of ['60', '-1s', -1, Number.NaN, Number.POSITIVE_INFINITY, '', 'soon', '1000h', {}, true]) {
    it(`refuse ${typeof value === 'number' ? value : JSON.stringify(value)} as a length of time`, async () => {
      expect(await problemsOf({ lockTimeout: value })).toEqual([expect.stringMatching(/^lockTimeout: /)])
    })
  }

  it('tell the limits that are set from those that are not', () => {
    const { tableLockTimeoutMs, statementTimeoutMs } = resolveIn('/project', { tableLockTimeout: '2s' })

    expect([tableLockTimeoutMs, statementTimeoutMs]).toEqual([2_000, undefined])
    expect(resolveIn('/project', { statementTimeout: 0 }).statementTimeoutMs).toBe(0)
  })

  it('refuse limits that are no length of time', async () => {
    expect(await problemsOf({ tableLockTimeout: 'soon', statementTimeout: '1' })).toEqual([
      expect.stringMatching(/^tableLockTimeout: "soon" is not a length of time/),
      expect.stringMatching(/^statementTimeout: "1" is not a length of time/),
    ])
  })

  it('name every fault at once, with the name that was probably meant', async () => {
    const problems = await problemsOf({
      versionLocation: 'x',
      versionTable: '',
      schema: 5,
      recursiveVersionLocations: 'yes',
      timezone: 'Mars/Olympus',
      truncateSlugLength: 0,
      fileTemplate: '%(revision)s/%(slug)s',
      postWriteHooks: 'prettier',
      role: 'a\0b',
    })

    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'versionLocation',
      'recursiveVersionLocations',
      'versionTable',
      'schema',
      'fileTemplate',
      'fileTemplate',
      'timezone',
      'truncateSlugLength',
      'postWriteHooks',
      'role',
    ])
    expect(problems[0]).toContain('"versionLocations"')
  })

  it('refuse version locations that are empty, doubled, or labelled with what cannot be a label', async () => {
    expect(await problemsOf({ versionLocations: [] })).toHaveLength(1)
    expect(await problemsOf({ versionLocations: ['a', './a'] })).toHaveLength(1)
    expect(
      await problemsOf({
        versionLocations: [
          { path: 'a', label: 'x' },
          { path: 'b', label: 'x' },
        ],
      }),
    ).toHaveLength(1)
    expect(await problemsOf({ versionLocations: [{ path: 'a', label: 'head' }] })).toHaveLength(1)
    expect(await problemsOf({ versionLocations: [{ path: 'a', label: 'a b' }] })).toHaveLength(1)
    expect(await problemsOf({ versionLocations: [{ label: 'x' }] })).toHaveLength(1)
    expect(await problemsOf({ versionLocations: [{ path: 'a', labels: 'x' }] })).toHaveLength(1)
    expect(await problemsOf({ versionLocations: 7 })).toHaveLength(1)
  })

  it('refuse names of tables that a database would cut off or take apart', async () => {
    expect(resolveIn('/project', { versionTable: 'v'.repeat(57) }).versionTable).toHaveLength(57)
    expect(await problemsOf({ versionTable: 'v'.repeat(58) })).toHaveLength(1)
    expect(await problemsOf({ schema: 'ü'.repeat(32) })).toHaveLength(1)
    expect(await problemsOf({ versionTable: 'app.rev_version' })).toHaveLength(1)
    expect(await problemsOf({ versionTable: 'v?', schema: 'o?k' })).toHaveLength(2)
  })

  it('take any name for the project that can be seen and compared', async () => {
    expect(resolveIn('/project', {}).project).toBeUndefined()
    for (const project of ['shop', '@shop/api', `O'Brien's "50%" café`, 'p'.repeat(200)])
      expect(resolveIn('/project', { project }).project).toBe(project)
    for (const project of ['', ' shop', 'shop ', 'a\nb', 'a\u001b[2Jb', 'a\u202eb', 'p'.repeat(201), 5])
      expect(await problemsOf({ project })).toEqual([expect.stringMatching(/^project: /)])
  })

  it('must be an object', async () => {
    for (const rev of [[], 'versions', 3, true, () => {}]) expect(await problemsOf(rev)).toHaveLength(1)
  })
})
