export type { BranchesResult } from './commands/branches.ts'
export type { BaseComparison, CheckOptions, CheckResult, RebaseAdvice } from './commands/check.ts'
export type { DatabaseCheck } from './commands/check-database.ts'
export type { CurrentOptions, CurrentResult } from './commands/current.ts'
export type { DatabaseOutcome, DatabasesResult } from './commands/databases/run-on-databases.ts'
export type { DbCreateResult } from './commands/db/create.ts'
export type { DbDropOptions, DbDropResult, DropQuestion } from './commands/db/drop.ts'
export type { DbDumpOptions, DbDumpResult } from './commands/db/dump.ts'
export type { DbPingResult } from './commands/db/ping.ts'
export type { DbWaitOptions, DbWaitResult } from './commands/db/wait.ts'
export type { DoctorResult } from './commands/doctor.ts'
export type { DowngradeOptions, DowngradeResult } from './commands/downgrade.ts'
export type { EnsureVersionResult } from './commands/ensure-version.ts'
export type { HeadsOptions, HeadsResult } from './commands/heads.ts'
export type { HistoryOptions, HistoryResult } from './commands/history.ts'
export type { CreateRevOptions } from './commands/library-context.ts'
export type { ListTemplatesResult } from './commands/list-templates.ts'
export type { LockResult } from './commands/lock.ts'
export type { LogOptions, LogResult } from './commands/log.ts'
export type { LogEvent, LogRun } from './commands/log-run.ts'
export type { PlanOptions } from './commands/make-plan.ts'
export type { MergeOptions, MergeResult } from './commands/merge.ts'
export type { NewRevisionOptions, NewRevisionResult } from './commands/new-revision.ts'
export type { PlannedStep, PlanResult } from './commands/plan.ts'
export type { RepairAction, RepairOptions, RepairResult } from './commands/repair.ts'
export type { ResetOptions, ResetQuestion, ResetResult } from './commands/reset.ts'
export type { RevisionOptions, RevisionResult } from './commands/revision.ts'
export type { RevisionInfo } from './commands/revision-info.ts'
export type { RunOptions, RunReport } from './commands/run-plan.ts'
export type { SeedMakeOptions, SeedMakeResult } from './commands/seed/make.ts'
export type { PlannedSeedInfo, SeedPlanResult } from './commands/seed/plan.ts'
export type { SeedLeft, SeedResult, SeedRunOptions, SeedRunResult } from './commands/seed/run.ts'
export type { SeedInfo, SeedLast } from './commands/seed/seed-info.ts'
export type { SeedSelectionOptions } from './commands/seed/seed-selection.ts'
export type { SeedSqlOptions } from './commands/seed/sql.ts'
export type { SeedStampOptions, SeedStampResult } from './commands/seed/stamp.ts'
export type { SeedStatusResult } from './commands/seed/status.ts'
export type { SeedCleanOptions, SeedUndoOptions, SeedUndoResult, UndoneSeed } from './commands/seed/undo.ts'
export type { NoSeeds, SetupOptions, SetupParts, SetupResult } from './commands/setup.ts'
export type { ShowOptions, ShowResult } from './commands/show.ts'
export type { SqlOptions, SqlResult } from './commands/sql.ts'
export type { StampOptions, StampResult } from './commands/stamp.ts'
export type { OpenRunStatus, RevisionStatus, StatusOptions, StatusResult } from './commands/status.ts'
export type { StatusEvent } from './commands/status-event.ts'
export type { SeedStatus, SeedStatusState, SeedTableState } from './commands/status-seeds.ts'
export type { UpgradeOptions, UpgradeResult } from './commands/upgrade.ts'
export type { WaitOptions, WaitResult } from './commands/wait.ts'
export type { LimitOptions } from './commands/wanted-limits.ts'
export type { RevisionState } from './database/integrity/revision-states.ts'
export type { UnfinishedWork } from './database/integrity/unfinished-work.ts'
export type { DatabaseObject } from './database/life/contents-of-dialect.ts'
export type { LockHolder } from './database/lock/lock-holder.ts'
export type { LockState } from './database/lock/look-at-lock.ts'
export type { RunResult, StepResult } from './database/run.ts'
export type { DatabasesMethods, DatabasesOptions } from './databases-methods.ts'
export type { DbMethods } from './db-methods.ts'
export { type GraphProblem, isRevError, RevError, type RevErrorCode, type RevErrorDetails } from './errors/index.ts'
export type { IntegrityFinding } from './errors/integrity-findings.ts'
export type { Reporter, RevEvent, SeedEvent, StepEvent } from './events.ts'
export type { RevisionDescription } from './graph/describe.ts'
export type { Direction, Plan, Step } from './graph/plan-types.ts'
export type { Revision, RevisionHeader } from './graph/revision.ts'
export { RevisionGraph } from './graph/revision-graph.ts'
export type { MethodOptions } from './method-options.ts'
export type { SqlClient } from './offline/dialects/script-dialect.ts'
export type { ScriptFile } from './offline/script-parts.ts'
export { createRev, type Rev } from './rev.ts'
export type { BatchOptions, InBatches } from './script/batches.ts'
export { defineConfig } from './script/define-config.ts'
export type { Requirement } from './script/requirements.ts'
export type {
  RevisionConfig,
  RevisionContext,
  RevisionFunction,
  RevisionLimits,
  RevisionModule,
} from './script/revision-module.ts'
export type { RevisionModuleObject, RevisionSource } from './script/revision-objects.ts'
export type {
  RowSource,
  SeedContext,
  SeedFunction,
  SeedRandom,
  WriteRowsOptions,
  WrittenRows,
} from './seed/files/seed-module.ts'
export type {
  CodeSeedObject,
  DataSeedObject,
  PlainSeedObject,
  SeedModuleObject,
  SeedSource,
} from './seed/files/seed-objects.ts'
export type { SeedMode } from './seed/graph/seed.ts'
export type { SeedMethods } from './seed-methods.ts'
export type { RevOptions } from './settings.ts'
