const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
  '\r\n': '',
  '\r': '',
  '\u2028': '',
  '\u2029': '',
}

const ESCAPE = /\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(0)(?![0-9])|\r\n|[\s\S])/g

/**
 * The value of a string literal, or of a template literal without substitutions, given with its quotes. Undefined for
 * escapes that are errors or only allowed in sloppy code, such as octal ones.
 */
export function stringLiteralValue(literal: string): string | undefined {
  const body = literal.slice(1, -1)
  const isTemplate = literal.startsWith('`')
  const normalised = isTemplate && body.includes('\r') ? body.replace(/\r\n?/g, '\n') : body
  if (!normalised.includes('\\')) return normalised
  let valid = true
  const value = normalised.replace(
    ESCAPE,
    (sequence, braced?: string, unicode?: string, hex?: string, zero?: string) => {
      const code = braced ?? unicode ?? hex
      if (code !== undefined && Number.parseInt(code, 16) <= 0x10ffff) {
        return String.fromCodePoint(Number.parseInt(code, 16))
      }
      if (zero !== undefined) return '\0'
      const character = sequence.slice(1)
      if (code !== undefined || /^[ux0-9]$/.test(character)) valid = false
      return SIMPLE_ESCAPES[character] ?? character
    },
  )
  return valid ? value : undefined
}
