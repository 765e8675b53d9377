import { describe, expect, it } from 'vitest'
import { planSeeds, type SeedSelection } from '../../../src/seed/graph/plan-seeds.ts'
import type { SeedRecord } from '../../../src/seed/graph/seed.ts'
import type { SeedGraph } from '../../../src/seed/graph/seed-graph.ts'
import { type FileChange, stateOf } from '../../../src/seed/graph/seed-state.ts'
import { thrownBy } from '../../support/thrown-by.ts'
import { graphOf, recordOf, seedOf } from './seeds.ts'

interface Wanted extends Partial<SeedSelection> {
  readonly environment?: string
  readonly isProtected?: boolean
  readonly records?: readonly SeedRecord[]
  readonly edited?: readonly string[]
}

function plan(
  graph: SeedGraph,
  { environment, isProtected = false, records = [], edited = [], ...selection }: Wanted = {},
) {
  const { run, left } = planSeeds(
    graph,
    { names: [], scenarios: [], only: false, force: false, ...selection },
    {
      environment,
      isProtected,
      factsOf: ({ seed }) => ({
        record: records.find((record) => record.seed === seed),
        change: edited.includes(seed) ? 'edited' : 'same',
      }),
    },
  )
  return {
    run: run.map(({ seed, why }) => `${seed.seed} ${why}`),
    left: left.map(({ seed, why }) => `${seed.seed} ${why}`),
  }
}

const graph = graphOf(
  seedOf('countries', { tags: ['reference'] }),
  seedOf('cities', { dependsOn: ['countries'], mode: 'onchange' }),
  seedOf('cache', { mode: 'always' }),
  seedOf('people', { environments: ['development', 'test'], dependsOn: ['cities'] }),
  seedOf('power', { scenarios: ['power-user'], dependsOn: ['people'] }),
)

describe('which seeds run', () => {
  it('without names, all that belong to no scenario and to this environment', () => {
    expect(plan(graph, { environment: 'staging' })).toEqual({
      run: ['countries new', 'cities new', 'cache new'],
      left: ['people elsewhere'],
    })
    expect(plan(graph, { environment: 'test' }).run).toEqual(['countries new', 'cities new', 'cache new', 'people new'])
    expect(plan(graph).left).toEqual(['people elsewhere'])
  })

  it('by their mode, what is recorded and whether the file was edited', () => {
    const records = [recordOf('countries'), recordOf('cities'), recordOf('cache')]

    expect(plan(graph, { records }).run).toEqual(['cache always'])
    expect(plan(graph, { records, edited: ['countries', 'cities'] })).toEqual({
      run: ['cities changed', 'cache always'],
      left: ['countries edited', 'people elsewhere'],
    })
    expect(plan(graph, { records: [recordOf('cities', { state: 'unfinished' })], names: ['cities'] }).run).toEqual([
      'countries new',
      'cities unfinished',
    ])
  })

  it('with what they depend on, or only themselves', () => {
    expect(plan(graph, { names: ['cities'] }).run).toEqual(['countries new', 'cities new'])
    expect(plan(graph, { names: ['tag:reference'] }).run).toEqual(['countries new'])
    expect(plan(graph, { scenarios: ['power-user'], environment: 'test' }).run).toEqual([
      'countries new',
      'cities new',
      'people new',
      'power new',
    ])
    expect(thrownBy(() => plan(graph, { names: ['cities'], only: true }))).toMatchObject({
      code: 'REV_SEED_ONLY_BLOCKED',
      details: { seed: 'cities', needs: ['countries'] },
    })
    expect(plan(graph, { names: ['cities'], only: true, records: [recordOf('countries')] }).run).toEqual(['cities new'])
    expect(plan(graph, { names: ['cities', 'countries'], only: true }).run).toEqual(['countries new', 'cities new'])
  })

  it('by force also when they are done, but not what they depend on', () => {
    const records = [recordOf('countries'), recordOf('cities')]

    expect(plan(graph, { names: ['cities'], force: true, records })).toEqual({
      run: ['cities forced'],
      left: ['countries done'],
    })
  })

  it('not where they do not belong, with the reason', () => {
    expect(thrownBy(() => plan(graph, { names: ['people'], environment: 'staging' }))).toMatchObject({
      code: 'REV_SEED_ENVIRONMENT',
      details: { seed: 'people', environment: 'staging', environments: ['development', 'test'], neededBy: undefined },
    })
    expect(thrownBy(() => plan(graph, { names: ['people'], force: true, records: [recordOf('people')] })).code).toBe(
      'REV_SEED_ENVIRONMENT',
    )
    expect(thrownBy(() => plan(graph, { scenarios: ['power-user'], environment: 'staging' })).details).toMatchObject({
      seed: 'people',
      neededBy: 'power',
    })
    expect(
      plan(graph, { scenarios: ['power-user'], environment: 'staging', records: [recordOf('people')] }).run,
    ).toEqual(['power new'])
  })

  it('does not ask for what only a seed needs that does not run', () => {
    const odd = graphOf(
      seedOf('here', { scenarios: ['s'], environments: ['x'] }),
      seedOf('there', { environments: ['y'], dependsOn: ['here'] }),
    )

    expect(plan(odd, { environment: 'z' })).toEqual({ run: [], left: ['there elsewhere'] })
  })
})

describe('a protected environment', () => {
  const at = { environment: 'production', isProtected: true }

  it('wants every seed named', () => {
    const { code, details, hint } = thrownBy(() => plan(graph, at))
    expect(code).toBe('REV_SEED_NOT_NAMED')
    expect(details).toMatchObject({ seeds: ['countries', 'cities', 'cache'], names: ['countries', 'cities', 'cache'] })
    expect(hint).toBe('to run them: rev seed run countries cities cache')
    expect(thrownBy(() => plan(graph, { ...at, names: ['cities'] })).details).toMatchObject({
      seeds: ['countries'],
      names: ['countries', 'cities'],
    })
    expect(thrownBy(() => plan(graph, { ...at, names: ['tag:reference'] })).code).toBe('REV_SEED_NOT_NAMED')
    const free = graphOf(seedOf('a', { scenarios: ['s'] }))
    expect(thrownBy(() => plan(free, { ...at, scenarios: ['s'] })).code).toBe('REV_SEED_NOT_NAMED')
    expect(plan(graph, { ...at, names: ['countries', 'cities'] }).run).toEqual(['countries new', 'cities new'])
    expect(plan(graph, { ...at, names: ['cities'], records: [recordOf('countries')] }).run).toEqual(['cities new'])
  })

  it('never runs what is marked development, test or demo', () => {
    for (const more of [
      { environments: ['production', 'development'] },
      { environments: ['test', 'production'] },
      { tags: ['demo'] },
      { tags: ['Test'] },
      // Elsewhere as well, which could be mended.
      { environments: ['development'] },
    ]) {
      const marked = graphOf(seedOf('a', more))
      expect(thrownBy(() => plan(marked, { ...at, names: ['a'], force: true }))).toMatchObject({
        code: 'REV_SEED_PROTECTED',
        details: { seeds: [{ seed: 'a' }] },
      })
    }
    const fine = graphOf(seedOf('a', { environments: ['production'] }))
    expect(plan(fine, { ...at, names: ['a'] }).run).toEqual(['a new'])
  })
})

it.each<[SeedRecord['state'] | undefined, FileChange, string, string]>([
  [undefined, 'same', 'once', 'new'],
  ['done', 'same', 'once', 'done'],
  ['done', 'edited', 'once', 'edited'],
  ['done', 'not-comparable', 'once', 'done'],
  ['stamped', 'edited', 'onchange', 'changed'],
  ['stamped', 'same', 'onchange', 'done'],
  ['done', 'not-comparable', 'onchange', 'done'],
  ['unfinished', 'same', 'once', 'unfinished'],
  ['done', 'same', 'always', 'always'],
])('a seed that is %s and %s is, with %s, %s', (recorded, change, mode, state) => {
  const record = recorded && recordOf('a', { state: recorded })

  expect(stateOf(seedOf('a', { mode: mode as 'once' }), { record, change, environment: undefined })).toBe(state)
})
