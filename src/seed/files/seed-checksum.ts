import {
  compareChecksums,
  readRecordedChecksum,
  textChecksum,
  toRecordedChecksum,
} from '../../script/recorded-checksum.ts'
import type { FileChange } from '../graph/seed-state.ts'
import type { ListedSeedFile } from './list-seed-files.ts'

/** What is kept of a seed's file when the seed has run. */
export function seedChecksum(text: string, { kind, extension }: ListedSeedFile): string {
  return kind === 'code' ? toRecordedChecksum(text, extension) : textChecksum(text)
}

/**
 * How a file stands to what was kept of it. Comments and white space of code do not count; TypeScript and the JavaScript
 * that was compiled from it cannot be compared.
 */
export function compareSeedChecksums(recorded: string | undefined, now: string): FileChange {
  const before = recorded === undefined ? undefined : readRecordedChecksum(recorded)
  const after = readRecordedChecksum(now)
  if (before === undefined || after === undefined) return 'not-comparable'
  if (before.text === after.text) return 'same'
  // Of data every difference counts, also that it has become code.
  if (before.extension === undefined || after.extension === undefined) return 'edited'
  const comparison = compareChecksums(before, after)
  return comparison === 'cosmetic' ? 'same' : comparison
}
