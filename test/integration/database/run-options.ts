import type { RunOptions } from '../../../src/database/run.ts'
import type { RevisionScripts } from '../../../src/script/revision-script.ts'

type Wanted = Partial<Omit<RunOptions, 'plan' | 'scripts' | 'direction'>>

const plain: Omit<RunOptions, 'plan' | 'scripts' | 'direction'> = {
  x: {},
  tag: undefined,
  singleTransaction: false,
  lockTimeoutMs: 30_000,
  allowNonEmpty: false,
}

export function upgradeTo(scripts: RevisionScripts, target = 'heads', wanted: Wanted = {}): RunOptions {
  return { ...plain, direction: 'upgrade', scripts, plan: (rows) => scripts.graph.planUpgrade(rows, target), ...wanted }
}

export function downgradeTo(scripts: RevisionScripts, target = 'base', wanted: Wanted = {}): RunOptions {
  const plan: RunOptions['plan'] = (rows) => scripts.graph.planDowngrade(rows, target)
  return { ...plain, direction: 'downgrade', scripts, plan, ...wanted }
}

export function stampTo(scripts: RevisionScripts, targets: readonly string[], wanted: Wanted = {}): RunOptions {
  const { purge = false } = wanted
  const plan: RunOptions['plan'] = (rows) => scripts.graph.planStamp(rows, targets, { purge })
  return { ...plain, direction: 'stamp', scripts, plan, ...wanted }
}
