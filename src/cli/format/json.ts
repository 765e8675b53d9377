import type { RevError } from '../../errors/index.ts'
import { hideUrlPasswords } from '../../script/reason.ts'
import { printableJson } from '../printable.ts'

/** The version of the shapes in docs/json.md. It changes when a field is removed or changes its meaning. */
export const JSON_VERSION = 1

/** A result as one JSON object. */
export function resultJson(result: object): string {
  return toText({ rev: JSON_VERSION, ...result })
}

/** An error as one JSON object; `command` is null when the command line itself could not be read. */
export function errorJson(error: RevError, command: string | undefined): string {
  const { code, message, hint, details, exit } = error
  return hideUrlPasswords(toText({ rev: JSON_VERSION, command, error: { code, message, hint, details, exit } }))
}

function toText(value: object): string {
  return `${printableJson(JSON.stringify(value, toJsonValue, 2))}\n`
}

/** A field without a value is null, so that every field is always there; an error keeps its name and message. */
function toJsonValue(_key: string, value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Error) return { name: value.name, message: value.message }
  return value
}
