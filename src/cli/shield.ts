// cac reads "0012" as 12, "1e5" as 100000, an empty text as 0 and "-1" as an option. One private character in front
// of each value makes all of them plain text to it; taken off afterwards, every value is what was typed.
const SHIELD = '\u{e000}'

/** Makes a value safe from cac. */
export function shield(value: string): string {
  return SHIELD + value
}

/** Gives the value back as it was typed. */
export function unshield(value: string): string {
  return value.slice(SHIELD.length)
}

/**
 * The name by which cac knows an option: it would take `--no-env-file` for a switch of `--env-file`, and it loses count of
 * hyphens around a single letter.
 */
export function shieldName(name: string): string {
  return name.replace(/^no-(.+)$/, '$1-off').replace(/-([a-z])-/g, '-$1')
}
