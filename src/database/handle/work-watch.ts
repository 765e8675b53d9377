import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StatementGate } from './statement-gate.ts'

/** Looks at a part of a function's work, which is committed before the whole is through. */
export interface WorkWatch {
  /**
   * Call it when the transaction of the part is open; then what it gives, when its work is through and before it is
   * committed: that throws what the part has left behind, REV_STEP_FORGOTTEN and the other REV_STEP_*.
   */
  begin(): () => Promise<void>
}

/** Watches by the gate of a step. */
export function createWorkWatch({ state, forgotten, levels }: StatementGate): WorkWatch {
  return {
    begin() {
      const known = forgotten.open()
      const level = levels.top()
      return async () => {
        // What was started without being awaited has its first chance to be through here.
        await nextTurn()
        const fault = state.violation ?? forgotten.find(levels.above(level), known)
        if (fault !== undefined) throw fault
      }
    },
  }
}
