import { RevError } from '../errors/index.ts'
import { currentRevisions } from './current.ts'
import { topologicalOrder } from './cycles.ts'
import { describeRevision, type RevisionDescription } from './describe.ts'
import { effectiveDown } from './effective-down.ts'
import { listHistory } from './history.ts'
import { propagateLabels } from './labels.ts'
import { withAncestors } from './lineage.ts'
import { entryAt, idsOf, linkRevisions, type SoundLinks } from './links.ts'
import { findProblems } from './load-problems.ts'
import { nearNames } from './near-names.ts'
import { type ParentsOptions, parentsFor } from './parents-for.ts'
import { type DowngradeOptions, planDowngrade } from './plan-downgrade.ts'
import { planStamp, type StampOptions } from './plan-stamp.ts'
import type { Plan } from './plan-types.ts'
import { planUpgrade, type UpgradeOptions } from './plan-upgrade.ts'
import { readHeaders } from './read-headers.ts'
import { bases, effectiveHeads, heads } from './resolve.ts'
import { resolveTarget } from './resolve-target.ts'
import type { Revision, RevisionHeader } from './revision.ts'
import { rowNumbers, unknownRows } from './rows.ts'
import { startingRows } from './starting-rows.ts'

/**
 * The revisions of a project as one graph, and every question about it that needs no database:
 *
 *   a ── b ──┬── c ── d (head)        heads: d, f    branch points: b    bases: a
 *            └── e (billing) ── f
 *
 * It never changes, and the same headers give the same answers. "Load order" is the order of the headers; "rows" are
 * the rows of the version table: the highest applied revision of each line. Errors are `RevError`s with REV_GRAPH_ codes.
 */
export class RevisionGraph {
  /** How many revisions there are. */
  readonly size: number
  private readonly links: SoundLinks
  private labels: readonly (readonly string[])[] | undefined

  /** Builds the graph from headers in load order. Throws REV_GRAPH_INVALID, whose details list every problem. */
  static from(headers: Iterable<RevisionHeader>): RevisionGraph {
    const read = readHeaders(headers)
    const links = linkRevisions(read.revisions)
    const problems = [...read.problems, ...findProblems(links)]
    if (problems.length > 0) throw new RevError('REV_GRAPH_INVALID', { problems })
    const order = topologicalOrder(links.below, links.above)
    return new RevisionGraph({ ...links, order, effectiveDown: effectiveDown(links, order) })
  }

  private constructor(links: SoundLinks) {
    this.links = links
    this.size = links.revisions.length
  }

  /** Revisions that no other has as its down revision, in load order. */
  heads(): string[] {
    return idsOf(this.links, heads(this.links))
  }

  /** Heads that no revision depends on, in load order: the rows of a database that has everything. */
  effectiveHeads(): string[] {
    return idsOf(this.links, effectiveHeads(this.links))
  }

  /** Revisions without down revisions, in load order. */
  bases(): string[] {
    return idsOf(this.links, bases(this.links))
  }

  /** Revisions with more than one child, in load order. */
  branchPoints(): string[] {
    return this.ids().filter((_, number) => (this.links.children[number]?.length ?? 0) > 1)
  }

  /** All ids, in load order. */
  ids(): string[] {
    return this.links.revisions.map(({ revision }) => revision)
  }

  has(revision: string): boolean {
    return this.links.numbers.has(revision)
  }

  /** The revision with exactly this id. Throws REV_GRAPH_UNKNOWN_REVISION. */
  get(revision: string): Revision {
    return entryAt(this.links.revisions, this.numberOf(revision))
  }

  /** Everything that is known of the revision with exactly this id. Throws REV_GRAPH_UNKNOWN_REVISION. */
  describe(revision: string): RevisionDescription {
    const number = this.numberOf(revision)
    return describeRevision(this.links, number, this.labelsOf(number))
  }

  /**
   * The ids that a target means, in load order; none for `base`. `rows` are needed for `current` only. A bare `-1` is
   * one below each effective head; a bare `+1` has nothing to count from here (REV_GRAPH_NO_START).
   */
  resolve(target: string, rows?: readonly string[]): string[] {
    return idsOf(this.links, resolveTarget(this.links, target, { rows }))
  }

  /**
   * The steps from `rows` up to the targets, oldest first, with everything that they depend on. Empty when all of it is
   * applied. With `only`, exactly the named revision, or REV_GRAPH_ONLY_BLOCKED.
   */
  planUpgrade(rows: readonly string[], target: string | readonly string[], options?: UpgradeOptions): Plan {
    return planUpgrade(this.links, rows, typeof target === 'string' ? [target] : target, options)
  }

  /**
   * The steps that undo what was built on the target, newest first. Empty when there is nothing. With `only`, exactly
   * the named revision is reverted, or REV_GRAPH_ONLY_BLOCKED.
   */
  planDowngrade(rows: readonly string[], target: string, options?: DowngradeOptions): Plan {
    return planDowngrade(this.links, rows, target, options)
  }

  /** The changes of rows that make the table say the targets; nothing runs. With `purge`, all rows are forgotten first. */
  planStamp(rows: readonly string[], targets: string | readonly string[], options?: StampOptions): Plan {
    return planStamp(this.links, rows, typeof targets === 'string' ? [targets] : targets, options)
  }

  /** The revisions of a range `[start]:[end]`, newest first; all by default. `rows` are needed for `current` only. */
  history(range = ':', rows?: readonly string[]): string[] {
    return listHistory(this.links, range, rows, (number) => this.labelsOf(number))
  }

  /** The rows and the ends of other lines that they imply, in load order. Throws REV_GRAPH_UNKNOWN_ROW. */
  current(rows: readonly string[]): string[] {
    return currentRevisions(this.links, rows)
  }

  /** Everything that the rows say is applied: they and all that is below them. Throws REV_GRAPH_UNKNOWN_ROW. */
  applied(rows: readonly string[]): Set<string> {
    return new Set(idsOf(this.links, withAncestors(this.links, rowNumbers(this.links, rows))))
  }

  /** The down revisions of a new revision on these targets (default `head`). Throws REV_GRAPH_NOT_A_HEAD without `splice`. */
  parentsFor(targets: readonly string[], options?: ParentsOptions): string[] {
    return parentsFor(this.links, targets, options)
  }

  /** Rows that no revision has as its id: the database is ahead of the files, or on another branch. */
  unknownRows(rows: readonly string[]): string[] {
    return unknownRows(this.links, rows)
  }

  /**
   * The rows behind the start of a `START:TARGET` range: targets joined by commas, none for `base`. `targets` are what
   * errors say to type behind a better start. Throws REV_GRAPH_OVERLAPPING_START when one row implies another.
   */
  startingRows(start: string, targets: readonly string[] = ['TARGET']): string[] {
    return idsOf(this.links, startingRows(this.links, start, targets))
  }

  private numberOf(revision: string): number {
    const number = this.links.numbers.get(revision)
    if (number !== undefined) return number
    const near = nearNames(revision, this.links.numbers.keys())
    throw new RevError('REV_GRAPH_UNKNOWN_REVISION', { target: revision, name: revision, near })
  }

  // Only asked for by listings, and costly on large graphs: found at the first question.
  private labelsOf(number: number): readonly string[] {
    this.labels ??= propagateLabels(this.links, this.links.order)
    return entryAt(this.labels, number)
  }
}
