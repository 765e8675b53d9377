import fc from 'fast-check'
import type { RevisionHeader } from '../../src/graph/revision.ts'

/** For each revision, numbers from which its ties are worked out: any numbers give a sound graph. */
interface Draft {
  readonly down: readonly number[]
  readonly dependsOn: readonly number[]
  readonly hasLabel: boolean
  readonly place: number
}

const draft: fc.Arbitrary<Draft> = fc.record({
  down: fc.array(fc.nat(1000), { maxLength: 2 }),
  dependsOn: fc.oneof(
    { weight: 4, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(1000), { minLength: 1, maxLength: 2 }) },
  ),
  hasLabel: fc.boolean(),
  place: fc.nat(1_000_000),
})

/**
 * Sound graphs of up to 24 revisions, with branches, merges, several trees, labels and dependencies, in any load order.
 * Ties only lead to earlier drafts, so there is no cycle.
 */
export const headers: fc.Arbitrary<RevisionHeader[]> = fc.array(draft, { maxLength: 24 }).map((drafts) =>
  drafts
    .map(({ down, dependsOn, hasLabel, place }, index) => {
      const idsBelow = (numbers: readonly number[]) => [
        ...new Set(index === 0 ? [] : numbers.map((number) => `r${number % index}`)),
      ]
      const header: RevisionHeader = {
        revision: `r${index}`,
        down_revision: idsBelow(down),
        depends_on: idsBelow(dependsOn),
        branch_labels: hasLabel ? `label${index}` : null,
      }
      return { header, place }
    })
    .sort((one, other) => one.place - other.place)
    .map(({ header }) => header),
)

/** A sound graph and some of its revisions. */
export const headersAndSome: fc.Arbitrary<{ headers: RevisionHeader[]; some: string[] }> = headers.chain((found) =>
  fc.subarray(found.map(({ revision }) => revision)).map((some) => ({ headers: found, some })),
)

/** Anything that somebody might type as a target for these graphs, sensible or not. */
export const target: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '', 'r1@', 'label2@', 'r3@', '@', 'nosuch@', 'r1@r2@'),
    fc.constantFrom('', 'head', 'heads', 'base', 'current', 'r1', 'r2', 'r', 'label3', 'r10', 'nosuch', 'r1:r2', ' '),
    fc.constantFrom('', '', '', '+1', '-1', '+2', '-3', '+0', '-0', '+99', '-99', '+', '-1x', '+1-1'),
  )
  .map((parts) => parts.join(''))
