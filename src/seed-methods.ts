import { type SeedMakeOptions, type SeedMakeResult, seedMake } from './commands/seed/make.ts'
import { type SeedPlanResult, seedPlan } from './commands/seed/plan.ts'
import { type SeedRunOptions, type SeedRunResult, seedRun } from './commands/seed/run.ts'
import type { SeedSelectionOptions } from './commands/seed/seed-selection.ts'
import { type SeedSqlOptions, seedSql } from './commands/seed/sql.ts'
import { type SeedStampOptions, type SeedStampResult, seedStamp } from './commands/seed/stamp.ts'
import { type SeedStatusResult, seedStatus } from './commands/seed/status.ts'
import {
  type SeedCleanOptions,
  type SeedUndoOptions,
  type SeedUndoResult,
  seedClean,
  seedUndo,
} from './commands/seed/undo.ts'
import type { SqlResult } from './commands/sql.ts'
import type { MethodOptions, RunMethod } from './method-options.ts'

/** The commands on seeds as methods. */
export interface SeedMethods {
  /** Takes the seeds of all scenarios back. */
  clean(options?: SeedCleanOptions & MethodOptions): Promise<SeedUndoResult<'seed clean'>>
  /** Writes a new seed file. */
  make(options: SeedMakeOptions & MethodOptions): Promise<SeedMakeResult>
  /** What `run` would do now; touches nothing. */
  plan(options?: SeedSelectionOptions & MethodOptions): Promise<SeedPlanResult>
  /** Runs seeds, and gives back what each of them gave. */
  run(options?: SeedRunOptions & MethodOptions): Promise<SeedRunResult>
  /** Writes seeds as an SQL script, for a database at the heads. */
  sql(options: SeedSqlOptions & MethodOptions): Promise<SqlResult>
  /** Records seeds as done and runs nothing. */
  stamp(options: SeedStampOptions & MethodOptions): Promise<SeedStampResult>
  /** How every seed stands in the database. */
  status(options?: MethodOptions): Promise<SeedStatusResult>
  /** Takes seeds back: by their `undo`, else by the keys of what they inserted. */
  undo(options: SeedUndoOptions & MethodOptions): Promise<SeedUndoResult>
}

export function seedMethods(run: RunMethod): SeedMethods {
  return {
    clean: (given) => run(seedClean, given),
    make: (given) => run(seedMake, given),
    plan: (given) => run(seedPlan, given),
    run: (given) => run(seedRun, given),
    sql: (given) => run(seedSql, given),
    stamp: (given) => run(seedStamp, given),
    status: (given) => run(seedStatus, given),
    undo: (given) => run(seedUndo, given),
  }
}
