import type { CommandName } from '../command-table.ts'
import type { Action } from './action.ts'

/** What each command does; nothing of it is loaded before it is typed. */
export const ACTIONS: Readonly<Record<CommandName, () => Promise<{ run: Action }>>> = {
  init: () => import('./init.ts'),
  'list-templates': () => import('./list-templates.ts'),
  revision: () => import('./revision.ts'),
  merge: () => import('./merge.ts'),
  upgrade: () => import('./upgrade.ts'),
  downgrade: () => import('./downgrade.ts'),
  stamp: () => import('./stamp.ts'),
  current: () => import('./current.ts'),
  heads: () => import('./heads.ts'),
  branches: () => import('./branches.ts'),
  history: () => import('./history.ts'),
  show: () => import('./show.ts'),
  lock: () => import('./lock.ts'),
  status: () => import('./status.ts'),
  log: () => import('./log.ts'),
  wait: () => import('./wait.ts'),
  edit: () => import('./edit.ts'),
  'ensure-version': () => import('./ensure-version.ts'),
  check: () => import('./check.ts'),
  doctor: () => import('./doctor.ts'),
  repair: () => import('./repair.ts'),
  'seed run': () => import('./seed-run.ts'),
  'seed status': () => import('./seed-status.ts'),
  'seed plan': () => import('./seed-plan.ts'),
  'seed make': () => import('./seed-make.ts'),
  'seed undo': () => import('./seed-undo.ts'),
  'seed clean': () => import('./seed-clean.ts'),
  'seed stamp': () => import('./seed-stamp.ts'),
}
