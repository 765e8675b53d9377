/** Takes secrets out of whatever leaves rev. */
export interface Redactor {
  /** Learns one more secret, in every way that it may be written. */
  add(secret: string): void
  /** The text without any known secret, and without the password of any URL in it. */
  text(text: string): string
  /** Cleans an error and its causes in place (message, stack, and the texts that drivers hang on it) and gives it back. */
  error<E>(error: E): E
}

const MASK = '***'
// Greedy up to the last `@` of the word: passwords may hold `@`, `/` and `#`.
const URL_CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*):([^\s"']*)@/gi
const DRIVER_TEXTS = ['message', 'stack', 'sqlMessage', 'sql', 'detail', 'where', 'hint', 'internalQuery', 'reason']

/**
 * Makes a redactor. What is shown anyway (a user or database name) is named in `shown`: a password equal to one of these
 * gives nothing away, and hiding it would only mangle the messages.
 */
export function createRedactor(secrets: readonly string[] = [], shown: readonly string[] = []): Redactor {
  const known = new Set<string>()
  let longestFirst: readonly string[] = []

  const redactor: Redactor = {
    add(secret) {
      for (const form of spellings(secret)) if (form !== '' && !shown.includes(form)) known.add(form)
      // A shorter secret may be a part of a longer one and would leave its tail behind.
      longestFirst = [...known].sort((one, other) => other.length - one.length)
    },
    text(text) {
      let clean = text.replace(URL_CREDENTIALS, `$1:${MASK}@`)
      for (const secret of longestFirst) clean = clean.replaceAll(secret, MASK)
      return clean
    },
    error(error) {
      cleanError(error, redactor, new Set())
      return error
    },
  }
  for (const secret of secrets) redactor.add(secret)
  return redactor
}

function spellings(secret: string): string[] {
  const decoded = attempt(() => decodeURIComponent(secret))
  const forms = [secret, decoded]
  for (const form of [secret, decoded]) {
    forms.push(
      attempt(() => encodeURI(form)),
      attempt(() => encodeURIComponent(form)),
    )
  }
  const lowerCaseEscapes = forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase()))
  const quoted = forms.flatMap((form) => [JSON.stringify(form).slice(1, -1), form.replaceAll("'", "''")])
  return [...forms, ...lowerCaseEscapes, ...quoted]
}

// A bare % has no decoded form, half a surrogate pair no encoded one.
function attempt(convert: () => string): string {
  try {
    return convert()
  } catch {
    return ''
  }
}

function cleanError(error: unknown, redactor: Redactor, seen: Set<unknown>): void {
  if (typeof error !== 'object' || error === null || seen.has(error)) return
  seen.add(error)
  const fields = error as Record<string, unknown>
  for (const key of DRIVER_TEXTS) {
    const value = fields[key]
    if (typeof value !== 'string') continue
    const clean = redactor.text(value)
    if (clean !== value) replaceField(fields, key, clean)
  }
  cleanError(fields.cause, redactor, seen)
  if (Array.isArray(fields.errors)) for (const inner of fields.errors) cleanError(inner, redactor, seen)
  if (isPlain(fields.details)) cleanDetails(fields.details, redactor, seen)
}

function cleanDetails(details: Record<string, unknown>, redactor: Redactor, seen: Set<unknown>): void {
  if (seen.has(details)) return
  seen.add(details)
  for (const [key, value] of Object.entries(details)) {
    if (typeof value === 'string') {
      const clean = redactor.text(value)
      if (clean !== value) replaceField(details, key, clean)
    } else if (value instanceof Error) cleanError(value, redactor, seen)
    else if (isPlain(value)) cleanDetails(value, redactor, seen)
  }
}

function replaceField(fields: Record<string, unknown>, key: string, value: string): void {
  // `message` and `stack` are not enumerable, and a frozen error must not turn one failure into another.
  const enumerable = Object.getOwnPropertyDescriptor(fields, key)?.enumerable ?? false
  Reflect.defineProperty(fields, key, { value, enumerable, writable: true, configurable: true })
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Error)
}
