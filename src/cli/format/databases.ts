import type { DatabaseOutcome } from '../../commands/databases/run-on-databases.ts'
import { printableLine } from '../printable.ts'
import type { Style } from '../style.ts'

/** What a command says of one database. */
interface Said {
  readonly text: string
  readonly note?: string
  readonly quietText?: string
}

/** What a command came to on several databases: the name of each, and below it what it says. */
export function formatDatabases(
  outcomes: readonly DatabaseOutcome<Said>[],
  style: Style,
  { quiet = false }: { readonly quiet?: boolean } = {},
): string {
  return outcomes
    .map((outcome) => {
      const lines = linesOf(outcome, style, quiet)
      return lines.length === 0 ? '' : `${style.bold(printableLine(outcome.database))}\n${lines.join('')}`
    })
    .join('')
}

function linesOf({ state, result, error }: DatabaseOutcome<Said>, style: Style, quiet: boolean): string[] {
  if (state === 'not-run') return [`  ${style.yellow('not run')}\n`]
  if (result === undefined) return [`  ${style.red('failed')}: ${error?.code}\n`]
  const { text, note, quietText = text } = result
  const said = quiet ? quietText : text
  const indented = said.split('\n').map((line) => (line === '' ? '' : `  ${line}`))
  const empty = said === '' && note !== undefined && !quiet ? [`  ${style.dim(printableLine(note))}\n`] : []
  return said === '' ? empty : [indented.join('\n')]
}
