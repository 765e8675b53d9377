import { RevError } from '../../errors/index.ts'
import type { StepKey } from './journal-table.ts'

/** Why a step cannot go on by itself. */
export type UnclearReason =
  | 'other-values'
  | 'other-batches'
  | 'order'
  | 'absent'
  | 'failed-before'
  | 'temporary'
  | 'answer'

/** The error for a step that cannot go on; `number` is that of the line in the journal, where there is one. */
export function unclear(
  { revision, direction }: StepKey,
  statement: string,
  reason: UnclearReason,
  number: number | undefined,
): RevError<'REV_JOURNAL_UNCLEAR'> {
  return new RevError('REV_JOURNAL_UNCLEAR', { revision, direction, reason, number, statement })
}
