import { describe, expect, test } from 'vitest'
import { type RevisionSource, scriptsFromModules } from '../../../src/script/revision-objects.ts'

const upgrade = () => 'up'
const downgrade = () => 'down'
const a = { revision: 'a', down_revision: null, upgrade, downgrade }
const b = { revision: 'b', down_revision: 'a', message: 'Second', upgrade, downgrade }

describe('revisions that are handed in', () => {
  test.each<[string, RevisionSource]>([
    ['a list', [a, b]],
    ['a record by path, sorted', { './versions/b.ts': b, './versions/a.ts': a }],
    ['a function', () => [a, b]],
    ['an async function', async () => ({ a, b })],
    ['modules with a default export', [{ default: a }, { default: b }]],
    ['functions that give the modules', { a: async () => a, b: async () => ({ default: b }) }],
    [
      'headers with a way to the module',
      [
        { revision: 'a', down_revision: null, load: async () => a },
        { revision: 'b', down_revision: ['a'], message: 'Second', load: async () => ({ default: b }) },
      ],
    ],
  ])('may be %s', async (_, source) => {
    const scripts = await scriptsFromModules(source)

    expect(scripts.graph.ids()).toEqual(['a', 'b'])
    expect(scripts.get('b')).toMatchObject({ file: undefined, description: '', revision: { message: 'Second' } })
    expect(scripts.get('b').checksum()).toBeUndefined()
    expect((await scripts.get('b').load()).upgrade({} as never, {} as never)).toBe('up')
  })

  test('are loaded when they run, once', async () => {
    let loads = 0
    const load = async () => {
      loads += 1
      return a
    }
    const scripts = await scriptsFromModules([{ revision: 'a', down_revision: null, load }])
    expect(loads).toBe(0)

    await Promise.all([scripts.get('a').load(), scripts.get('a').load()])

    expect(loads).toBe(1)
  })

  test('must have the header that was announced', async () => {
    const scripts = await scriptsFromModules([{ revision: 'a', down_revision: null, load: () => b }])

    await expect(scripts.get('a').load()).rejects.toMatchObject({
      code: 'REV_FILE_HEADER_DIFFERS',
      details: { differences: [expect.stringContaining('revision'), expect.stringContaining('down_revision')] },
    })
  })

  test('have all faults told at once, by path', async () => {
    const source = {
      'a.ts': { up: upgrade, down: downgrade },
      'b.ts': { revision: 'b' },
      'c.ts': () => {
        throw new Error('no luck')
      },
      'd.ts': { ...b, revision: 'd' },
    }

    await expect(scriptsFromModules(source as unknown as RevisionSource)).rejects.toMatchObject({
      code: 'REV_GRAPH_INVALID',
      details: {
        problems: [
          { code: 'REV_FILE_NOT_A_REVISION', file: 'a.ts' },
          { code: 'REV_FILE_INVALID_EXPORTS', file: 'b.ts' },
          { code: 'REV_FILE_LOAD_FAILED', file: 'c.ts' },
          { code: 'REV_GRAPH_MISSING_DOWN_REVISION', file: 'd.ts' },
        ],
      },
    })
  })

  test('fail as a whole when their function throws', async () => {
    const source = () => Promise.reject(new Error('no luck'))

    await expect(scriptsFromModules(source)).rejects.toMatchObject({
      code: 'REV_FILE_LOAD_FAILED',
      details: { reason: 'no luck' },
    })
  })

  test('may be none', async () => {
    expect((await scriptsFromModules([])).graph.size).toBe(0)
  })
})
