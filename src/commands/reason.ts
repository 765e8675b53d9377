import { RevError } from '../errors/index.ts'
import { hideUrlPasswords } from '../script/reason.ts'

const LONGEST = 2_000

/** A reason that every database can keep, without the password of a URL; or none. Throws REV_USAGE_INVALID_VALUE before anything is done. */
export function checkedReason(reason: string | undefined): string | undefined {
  if (reason === undefined) return undefined
  const fault = faultOf(reason)
  if (fault === undefined) return hideUrlPasswords(reason)
  const value = reason.length > 40 ? `${reason.slice(0, 40)}...` : reason
  throw new RevError('REV_USAGE_INVALID_VALUE', { option: 'reason', value, expected: fault })
}

function faultOf(reason: string): string | undefined {
  if (reason.trim() === '') return 'some words that say why'
  if (reason.length > LONGEST) return `at most ${LONGEST} characters, and this has ${reason.length}`
  if (reason.includes('\0')) return 'text without the character NUL, which PostgreSQL cannot keep'
  return undefined
}
