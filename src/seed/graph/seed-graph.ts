import { RevError } from '../../errors/index.ts'
import { findCycles } from '../../graph/cycles.ts'
import { nearNames } from '../../graph/near-names.ts'
import type { Seed } from './seed.ts'

/** The ids of the revisions that a name stands for; undefined when it names none. */
export type FindRevisions = (name: string) => readonly string[] | undefined

export interface SeedProblem {
  readonly file: string | undefined
  readonly problem: string
}

/** All seeds and what they depend on; an immutable value. */
export class SeedGraph {
  readonly #seeds: ReadonlyMap<string, Seed>
  readonly #revisions: ReadonlyMap<string, readonly string[]>
  /** In the order in which they run. */
  readonly #order: readonly Seed[]

  private constructor(order: readonly Seed[], revisions: ReadonlyMap<string, readonly string[]>) {
    this.#order = order
    this.#seeds = new Map(order.map((seed) => [seed.seed, seed]))
    this.#revisions = revisions
  }

  /**
   * Makes the graph of seeds that come in the natural order of their files, and proves that it can be run. Throws one
   * REV_SEED_INVALID with `known` and every fault of the graph: a name given twice, a dependency that is neither a seed
   * nor a revision, a circle.
   */
  static from(seeds: readonly Seed[], findRevisions: FindRevisions, known: readonly SeedProblem[] = []): SeedGraph {
    const problems = [...known]
    const byName = new Map<string, Seed>()
    for (const seed of seeds) {
      const other = byName.get(seed.seed)
      if (other === undefined) byName.set(seed.seed, seed)
      else problems.push({ file: seed.file, problem: `the seed "${seed.seed}" is also in ${other.file}` })
    }
    const revisions = new Map<string, readonly string[]>()
    for (const seed of byName.values()) {
      const needed = new Set<string>()
      for (const name of seed.dependsOn.filter((dependency) => !byName.has(dependency))) {
        const found = findRevisions(name)
        // What a broken file holds is not missing as well.
        if (found === undefined && known.length === 0) problems.push(missing(seed, name, byName.keys()))
        for (const id of found ?? []) needed.add(id)
      }
      revisions.set(seed.seed, [...needed])
    }
    problems.push(...findCircles(byName))
    if (problems.length > 0) throw new RevError('REV_SEED_INVALID', { problems })
    return new SeedGraph(inOrder(byName), revisions)
  }

  /** Every seed, in the order in which they run: what others depend on first, else the natural order of the files. */
  seeds(): readonly Seed[] {
    return this.#order
  }

  has(name: string): boolean {
    return this.#seeds.has(name)
  }

  /** Throws REV_SEED_UNKNOWN with what may have been meant. */
  get(name: string): Seed {
    const found = this.#seeds.get(name)
    if (found !== undefined) return found
    throw unknown('seed', name, [...this.#seeds.keys()])
  }

  scenarios(): string[] {
    return [...new Set(this.#order.flatMap(({ scenarios }) => scenarios))].sort()
  }

  /** The seeds of a scenario, in their order. Throws REV_SEED_UNKNOWN. */
  ofScenario(name: string): Seed[] {
    const found = this.#order.filter(({ scenarios }) => scenarios.includes(name))
    if (found.length === 0) throw unknown('scenario', name, this.scenarios())
    return found
  }

  /** The seeds with a tag, in their order. Throws REV_SEED_UNKNOWN. */
  ofTag(name: string): Seed[] {
    const found = this.#order.filter(({ tags }) => tags.includes(name))
    if (found.length === 0) throw unknown('tag', name, [...new Set(this.#order.flatMap(({ tags }) => tags))].sort())
    return found
  }

  /** The seeds that a seed names as its dependencies. */
  dependenciesOf({ dependsOn }: Seed): Seed[] {
    return dependsOn.flatMap((name) => this.#seeds.get(name) ?? [])
  }

  /** The ids of the revisions that must be applied before a seed runs. */
  revisionsOf({ seed }: Seed): readonly string[] {
    return this.#revisions.get(seed) ?? []
  }

  /** The names of all seeds that depend on a seed, directly or not. */
  dependentsOf(name: string): ReadonlySet<string> {
    const found = new Set<string>()
    // In the order of running a dependent comes after what it depends on.
    for (const seed of this.#order) {
      if (seed.dependsOn.some((needed) => needed === name || found.has(needed))) found.add(seed.seed)
    }
    return found
  }
}

function unknown(kind: 'seed' | 'scenario' | 'tag', name: string, known: readonly string[]): RevError {
  return new RevError('REV_SEED_UNKNOWN', { kind, name, known, suggestion: nearNames(name, known)[0] })
}

function missing({ seed, file }: Seed, name: string, names: Iterable<string>): SeedProblem {
  const near = nearNames(name, names)[0]
  const meant = near === undefined ? '' : `; did you mean "${near}"?`
  return { file, problem: `"${seed}" depends on "${name}", which is neither a seed nor a revision${meant}` }
}

function findCircles(seeds: ReadonlyMap<string, Seed>): SeedProblem[] {
  const names = [...seeds.keys()]
  const numbers = new Map(names.map((name, number) => [name, number]))
  const edges = [...seeds.values()].map(({ dependsOn }) => dependsOn.flatMap((name) => numbers.get(name) ?? []))
  return findCycles(edges).map((circle) => {
    const found = circle.map((number) => names[number] ?? '')
    const shown = [...found, found[0] ?? ''].map((name) => `"${name}"`).join(' -> ')
    return { file: seeds.get(found[0] ?? '')?.file, problem: `these seeds depend on each other: ${shown}` }
  })
}

/** What nothing is left to wait for runs next; of several, the first in the natural order of the files. */
function inOrder(seeds: ReadonlyMap<string, Seed>): Seed[] {
  const natural = [...seeds.values()]
  const numbers = new Map(natural.map(({ seed }, number) => [seed, number]))
  const waiting = natural.map(({ dependsOn }) => new Set(dependsOn.filter((name) => seeds.has(name))).size)
  const dependents = natural.map((): number[] => [])
  natural.forEach(({ dependsOn }, number) => {
    for (const name of new Set(dependsOn)) dependents[numbers.get(name) ?? -1]?.push(number)
  })
  const ready = natural.flatMap((_, number) => (waiting[number] === 0 ? number : []))
  const order: Seed[] = []
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    const seed = natural[next]
    if (seed !== undefined) order.push(seed)
    for (const number of dependents[next] ?? []) {
      const left = (waiting[number] ?? 0) - 1
      waiting[number] = left
      if (left === 0) insertSorted(ready, number)
    }
  }
  return order
}

function insertSorted(numbers: number[], number: number): void {
  const at = numbers.findIndex((other) => other > number)
  numbers.splice(at === -1 ? numbers.length : at, 0, number)
}
