import type { BatchOptions } from '../../script/batches.ts'

const DEFAULT_SIZE = 1_000

export type CheckedOptions = Required<Pick<BatchOptions, 'size' | 'pauseMs'>> &
  Pick<BatchOptions, 'name' | 'total'> & { readonly key: readonly string[] }

/** The options of one call, whole. Throws RangeError and TypeError for what batches cannot be. */
export function checkBatchOptions({
  size = DEFAULT_SIZE,
  pauseMs = 0,
  key = 'id',
  ...rest
}: BatchOptions): CheckedOptions {
  if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`a batch cannot have ${String(size)} rows`)
  if (!Number.isFinite(pauseMs) || pauseMs < 0) throw new RangeError(`a pause cannot be ${String(pauseMs)} ms long`)
  const columns = [key].flat() as string[]
  if (columns.length === 0 || columns.some((column) => typeof column !== 'string' || column === '')) {
    throw new TypeError('the key of batches is the name of a column, or a list of them')
  }
  return { ...rest, size, pauseMs, key: columns }
}
