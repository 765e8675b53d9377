import { describe, expect, it } from 'vitest'
import { SeedGraph } from '../../../src/seed/graph/seed-graph.ts'
import { thrownBy } from '../../support/thrown-by.ts'
import { graphOf, seedOf } from './seeds.ts'

const namesOf = (graph: SeedGraph): string[] => graph.seeds().map(({ seed }) => seed)

describe('the graph of seeds', () => {
  it('orders by dependency, and what is ready by the order of the files', () => {
    const graph = graphOf(
      seedOf('a', { dependsOn: ['d', 'rev1'] }),
      seedOf('b'),
      seedOf('c', { dependsOn: ['a', 'b', 'a'] }),
      seedOf('d'),
      seedOf('e'),
    )

    expect(namesOf(graph)).toEqual(['b', 'd', 'a', 'c', 'e'])
    expect(graph.revisionsOf(graph.get('a'))).toEqual(['rev1'])
    expect(graph.revisionsOf(graph.get('b'))).toEqual([])
    expect([...graph.dependentsOf('d')]).toEqual(['a', 'c'])
    expect(graph.dependenciesOf(graph.get('a')).map(({ seed }) => seed)).toEqual(['d'])
  })

  it('holds every seed once, each behind what it depends on, whatever the order of the files', () => {
    const names = Array.from({ length: 60 }, (_, index) => `s${index}`)
    const seeds = names.map((name, index) =>
      seedOf(name, { dependsOn: names.filter((_, other) => other > index && (other * index) % 7 === 3) }),
    )

    const order = namesOf(graphOf(...seeds))

    expect([...order].sort()).toEqual([...names].sort())
    for (const { seed, dependsOn } of seeds)
      for (const needed of dependsOn) expect(order.indexOf(needed)).toBeLessThan(order.indexOf(seed))
  })

  it('tells every fault at once', () => {
    const build = (): unknown =>
      graphOf(
        seedOf('countries'),
        seedOf('countries', { file: '/p/seeds/other.ts' }),
        seedOf('cities', { dependsOn: ['countrys', 'zzzz'] }),
        seedOf('x', { dependsOn: ['y'] }),
        seedOf('y', { dependsOn: ['x'] }),
        seedOf('self', { dependsOn: ['self'] }),
      )

    const { code, details } = thrownBy(build)

    expect(code).toBe('REV_SEED_INVALID')
    expect((details as { problems: { file: string; problem: string }[] }).problems).toEqual([
      { file: '/p/seeds/other.ts', problem: 'the seed "countries" is also in /p/seeds/countries.ts' },
      {
        file: '/p/seeds/cities.ts',
        problem: '"cities" depends on "countrys", which is neither a seed nor a revision; did you mean "countries"?',
      },
      { file: '/p/seeds/cities.ts', problem: '"cities" depends on "zzzz", which is neither a seed nor a revision' },
      { file: '/p/seeds/x.ts', problem: 'these seeds depend on each other: "x" -> "y" -> "x"' },
      { file: '/p/seeds/self.ts', problem: 'these seeds depend on each other: "self" -> "self"' },
    ])
  })

  it('does not miss what a broken file may hold', () => {
    const known = [{ file: '/p/seeds/bad.ts', problem: 'broken' }]
    const build = (): unknown => SeedGraph.from([seedOf('a', { dependsOn: ['bad'] })], () => undefined, known)

    expect(thrownBy(build).details).toEqual({ problems: known })
  })

  it('says what may have been meant', () => {
    const graph = graphOf(seedOf('countries', { tags: ['reference'], scenarios: ['power-user'] }))

    expect(thrownBy(() => graph.get('countrie'))).toMatchObject({
      code: 'REV_SEED_UNKNOWN',
      details: { suggestion: 'countries' },
    })
    expect(thrownBy(() => graph.ofTag('referense')).details).toMatchObject({ kind: 'tag', suggestion: 'reference' })
    expect(thrownBy(() => graph.ofScenario('x')).details).toMatchObject({ kind: 'scenario', known: ['power-user'] })
  })
})
