import type { Direction, Step } from '../graph/plan-types.ts'

/** What a step of a script does: it moves a revision, or it runs a seed, which leaves the version rows alone. */
export interface ScriptMove extends Omit<Step, 'direction'> {
  readonly direction: Direction | 'seed'
}
