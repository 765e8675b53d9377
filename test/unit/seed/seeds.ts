import type { Seed, SeedRecord } from '../../../src/seed/graph/seed.ts'
import { SeedGraph } from '../../../src/seed/graph/seed-graph.ts'

/** A seed with what a test says of it. */
export const seedOf = (seed: string, more: Partial<Seed> = {}): Seed => ({
  seed,
  mode: 'once',
  dependsOn: [],
  environments: undefined,
  tags: [],
  scenarios: [],
  message: '',
  file: `/p/seeds/${seed}.ts`,
  ...more,
})

/** The graph of these seeds; names that begin with `rev` are revisions. */
export const graphOf = (...seeds: readonly Seed[]): SeedGraph =>
  SeedGraph.from(seeds, (name) => (name.startsWith('rev') ? [name] : undefined))

export const recordOf = (seed: string, more: Partial<SeedRecord> = {}): SeedRecord => ({
  seed,
  state: 'done',
  checksum: 'sha256:0',
  when: '2026-08-01T12:00:00.000Z',
  ms: 1,
  rowsWritten: 1,
  rowsUnkept: 0,
  ...more,
})
