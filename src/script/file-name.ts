import { RevError } from '../errors/index.ts'

/** What a new file's name is made of. */
export interface FileNameParts {
  readonly revision: string
  readonly message: string
  readonly fileTemplate: string
  readonly truncateSlugLength: number
  /** IANA name of the time zone that the date tokens are told in. */
  readonly timezone: string
  readonly now: Date
  /** With its dot, such as `.ts`. */
  readonly extension: string
}

export const DATE_TOKENS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
export const FILE_TOKENS: readonly string[] = ['rev', 'slug', 'epoch', ...DATE_TOKENS]

const LONGEST_NAME = 255
// alembic.ini doubles the percent sign, so both spellings are one.
const TOKEN = /%%?\((\w+)\)(?:\.(\d)|0(\d))?([sd])/g

/** The lower-case words of a message joined by `_`, cut at the end of a word; only `[a-z0-9_]`, possibly empty. */
export function toSlug(message: string, longest: number): string {
  const plain = message.normalize('NFKD').replace(/\p{Mark}/gu, '')
  const words = plain.toLowerCase().match(/[a-z0-9_]+/g) ?? []
  const slug = words.join('_')
  if (slug.length <= longest) return slug
  const cut = slug.slice(0, longest + 1).lastIndexOf('_')
  return cut > 0 ? slug.slice(0, cut) : slug.slice(0, longest)
}

/** What is wrong with a `fileTemplate`, each fault in a phrase; empty when nothing is. */
export function fileTemplateProblems(fileTemplate: string): string[] {
  const problems: string[] = []
  for (const [text, name = ''] of fileTemplate.matchAll(TOKEN)) {
    if (!FILE_TOKENS.includes(name)) problems.push(`"${text}" is not one of ${FILE_TOKENS.join(', ')}`)
  }
  const rest = fileTemplate.replace(TOKEN, '')
  if (rest.includes('%')) problems.push('a % must begin a token such as %(rev)s')
  const illegal = illegalCharacter(rest)
  if (illegal !== undefined) problems.push(`${JSON.stringify(illegal)} cannot stand in a file name`)
  if (fileTemplate.trim() === '') problems.push('it is empty')
  return problems
}

/**
 * The name of a new revision file: a single path segment that every usual file system can hold. Throws
 * REV_FILE_ILLEGAL_NAME for one that could leave its folder or that some system could not check out.
 */
export function toFileName(parts: FileNameParts): string {
  const values = tokenValues(parts)
  const filled = parts.fileTemplate.replace(TOKEN, (_text, name: string, dot?: string, zero?: string) =>
    (values.get(name) ?? '').padStart(Number(dot ?? zero ?? 0), '0'),
  )
  // An empty slug leaves its separator behind.
  const name = `${filled.replace(/[_\-. ]+$/, '') || parts.revision}${parts.extension}`
  const reason = illegalReason(name)
  if (reason !== undefined) throw new RevError('REV_FILE_ILLEGAL_NAME', { name, reason })
  return name
}

function tokenValues(parts: FileNameParts): Map<string, string> {
  const dateParts = new Intl.DateTimeFormat('en', {
    timeZone: parts.timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(parts.now)
  const numbers = new Map(dateParts.map(({ type, value }) => [type as string, String(Number(value))]))
  return new Map([
    ['rev', parts.revision],
    ['slug', toSlug(parts.message, parts.truncateSlugLength)],
    ['epoch', String(Math.floor(parts.now.getTime() / 1000))],
    ...DATE_TOKENS.map((token): [string, string] => [token, numbers.get(token) ?? '']),
  ])
}

function illegalReason(name: string): string | undefined {
  const illegal = illegalCharacter(name)
  if (illegal !== undefined) return `it contains ${JSON.stringify(illegal)}`
  if (name.startsWith('.')) return 'it would be a hidden file'
  if (/\.d\.[cm]?ts$/i.test(name)) return 'it would be taken for a declaration file'
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)) return 'Windows keeps that name for a device'
  const bytes = Buffer.byteLength(name)
  if (bytes > LONGEST_NAME) return `it is ${bytes} bytes long, and file systems hold ${LONGEST_NAME}`
  return undefined
}

function illegalCharacter(text: string): string | undefined {
  return /[\p{Cc}\p{Cs}<>:"/\\|?*]/u.exec(text)?.[0]
}
