import type { RevisionDescription } from './describe.ts'
import type { Plan } from './plan-types.ts'
import type { Revision, RevisionHeader } from './revision.ts'

/** The revisions of a project as one graph. Pure: no disk, no database. Work in progress: the surface is final. */
export class RevisionGraph {
  static from(headers: Iterable<RevisionHeader>): RevisionGraph {
    return new RevisionGraph([...headers].length)
  }

  readonly size: number

  private constructor(size: number) {
    this.size = size
  }

  declare heads: () => string[]
  declare effectiveHeads: () => string[]
  declare bases: () => string[]
  declare branchPoints: () => string[]
  declare ids: () => string[]
  declare has: (revision: string) => boolean
  declare get: (revision: string) => Revision
  declare describe: (revision: string) => RevisionDescription
  declare resolve: (target: string, rows?: readonly string[]) => string[]
  declare planUpgrade: (
    rows: readonly string[],
    target: string | readonly string[],
    options?: { readonly only?: boolean },
  ) => Plan
  declare planDowngrade: (rows: readonly string[], target: string, options?: { readonly only?: boolean }) => Plan
  declare planStamp: (
    rows: readonly string[],
    targets: string | readonly string[],
    options?: { readonly purge?: boolean },
  ) => Plan
  declare history: (range?: string, rows?: readonly string[]) => string[]
  declare current: (rows: readonly string[]) => string[]
  declare applied: (rows: readonly string[]) => Set<string>
  declare parentsFor: (targets: readonly string[], options?: { readonly splice?: boolean }) => string[]
  declare unknownRows: (rows: readonly string[]) => string[]
}
