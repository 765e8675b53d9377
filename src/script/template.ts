import { readFileSync } from 'node:fs'
import { RevError } from '../errors/index.ts'
import { reasonOf } from './reason.ts'
import { toComment, toLiteral } from './source-text.ts'

/** What the template of a revision may use; the names are those of the exports. */
export interface RevisionTemplateData {
  readonly revision: string
  readonly down_revision: string | readonly string[] | null
  readonly branch_labels: readonly string[] | null
  readonly depends_on: readonly string[] | null
  /** The first line of what the user wrote; may be empty. */
  readonly message: string
  /** Its further lines; empty when there are none. */
  readonly description: string
  /** Whether the message has to be exported, because a comment cannot hold it as it is. */
  readonly export_message: boolean
  /** The down revisions for a comment; `base` when there are none. */
  readonly revises: string
  /** ISO 8601 with its offset. */
  readonly create_date: string
  readonly is_merge: boolean
}

/** What the template of a seed may use. */
export interface SeedTemplateData {
  readonly seed: string
  /** ISO 8601 with its offset. */
  readonly create_date: string
}

/** What the template of a knexfile may use. */
export interface KnexfileTemplateData {
  /** What the project is called; null when nothing tells. */
  readonly project: string | null
  /** The settings of rev as a literal; null when there are none to be set. */
  readonly rev: string | null
}

/**
 * Renders one Handlebars file. `{{json value}}` is a JavaScript literal, `{{comment text}}` is safe inside a block
 * comment; anything else appears as it is, and a name that does not exist is an error. Throws REV_FILE_TEMPLATE_FAILED.
 */
export async function renderTemplate(
  file: string,
  data: RevisionTemplateData | KnexfileTemplateData | SeedTemplateData,
): Promise<string> {
  const { default: handlebars } = await import('handlebars')
  const engine = handlebars.create()
  engine.registerHelper('json', (value: unknown) => toLiteral(value))
  engine.registerHelper('comment', (value: unknown) => toComment(value))
  try {
    const source = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
    return engine.compile(source, { strict: true, noEscape: true })(data)
  } catch (cause) {
    throw new RevError('REV_FILE_TEMPLATE_FAILED', { file, reason: reasonOf(cause) }, { cause })
  }
}
