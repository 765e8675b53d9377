import type { Knex } from 'knex'
import { RevError } from '../../errors/index.ts'
import { captureStack, findCallSite } from './call-site.ts'
import type { HandleOptions } from './handle-options.ts'
import type { StatementGate } from './statement-gate.ts'

/**
 * Lets the revision end its own transaction neither way: `commit` and `rollback` throw REV_STEP_TRANSACTION_ENDED until
 * the returned function gives them back. Knex would take the transaction for completed as soon as either is called, also
 * when the statement behind it is refused.
 */
export function refuseEnding(
  trx: Knex.Transaction,
  gate: Pick<StatementGate, 'violate'>,
  { revision, file }: Pick<HandleOptions, 'revision' | 'file'>,
): () => void {
  const { commit, rollback } = trx
  const refuse = (statement: string): (() => Promise<never>) => {
    const ending = async (): Promise<never> => {
      const place = findCallSite(captureStack(ending).stack, file)
      throw gate.violate(new RevError('REV_STEP_TRANSACTION_ENDED', { revision, ...place, statement }))
    }
    return ending
  }
  Object.assign(trx, { commit: refuse('COMMIT'), rollback: refuse('ROLLBACK') })
  return () => {
    Object.assign(trx, { commit, rollback })
  }
}
