import { type Database, withDatabase } from '../database/database.ts'
import { type Contents, openContents } from '../database/life/contents.ts'
import type { DatabaseObject } from '../database/life/contents-of-dialect.ts'
import { isMissingDatabase } from '../database/life/server.ts'
import { withRunLock } from '../database/with-run-lock.ts'
import { RevError } from '../errors/index.ts'
import { type ConsentOptions, isAgreed, nameOf } from './consent.ts'
import type { CommandContext } from './context.ts'
import { dropDatabase } from './db/drop.ts'
import { lockTimeoutOf } from './run-plan.ts'
import { assertUsable, bringUp, type SetupOptions, type SetupParts } from './setup.ts'

/** What is asked before anything is dropped. */
export interface ResetQuestion {
  readonly database: string
  /** Undefined when the database itself is to be dropped. */
  readonly objects: readonly DatabaseObject[] | undefined
}

export interface ResetOptions extends SetupOptions, ConsentOptions<ResetQuestion> {
  /** Drop and create the database itself, instead of what is in its schemas. Default false. */
  readonly dropDatabase?: boolean
  /** With `dropDatabase`: end the sessions of others. Default false. */
  readonly force?: boolean
}

export interface ResetResult extends SetupParts {
  readonly command: 'reset'
  /** What was dropped, one by one; empty when the database itself was. */
  readonly dropped: readonly DatabaseObject[]
  /** Whether the database itself was dropped. */
  readonly droppedDatabase: boolean
}

/**
 * Drops everything in `schemas` (default: the connection's own) and rev's own tables, or the database itself, and sets it up
 * again. What will go is listed as a notice first. Throws REV_LIFE_UNCONFIRMED, REV_LIFE_OUTSIDE, REV_LIFE_SYSTEM and
 * REV_LIFE_IN_USE before anything is dropped, and what `setup` throws.
 */
export async function reset(context: CommandContext, options: ResetOptions = {}): Promise<ResetResult> {
  const { yesIMean: _, agree: __, dropDatabase: wholly = false, force: ___, ...setupOptions } = options
  await assertUsable(context, setupOptions)
  if (wholly) {
    const question = {
      agree: async ({ database }: { database: string }) => agreesTo(options, { database, objects: undefined }),
    }
    const { dropped } = await dropDatabase(context, 'reset', { ...options, ...question })
    return { command: 'reset', dropped: [], droppedDatabase: dropped, ...(await bringUp(context, setupOptions)) }
  }
  const dropped = await emptySchemas(context, options)
  return { command: 'reset', dropped, droppedDatabase: false, ...(await bringUp(context, setupOptions)) }
}

const agreesTo = async ({ agree }: ResetOptions, question: ResetQuestion): Promise<boolean> =>
  agree === undefined ? true : agree(question)

async function emptySchemas(context: CommandContext, options: ResetOptions): Promise<readonly DatabaseObject[]> {
  if (context.knex?.isTransaction) throw new RevError('REV_LIFE_NOT_OURS', { command: 'reset' })
  const lockTimeoutMs = lockTimeoutOf(context, 'reset', options)
  try {
    return await withDatabase(context, { readOnly: true }, async (database) => {
      if (database.connection.raw === undefined) return []
      const contents = await openContents(database, context.settings.schemas, 'reset')
      const agreed = await contents.list()
      if (agreed.length === 0) return []
      await askFor(context, database, contents, agreed, options)
      return withRunLock(database, { what: 'reset', lockTimeoutMs }, async (locked) => {
        const known = new Set(agreed.map((object) => JSON.stringify(object)))
        const found = await contents.list()
        // What somebody has made in the meantime, nobody has agreed to.
        if (found.some((object) => !known.has(JSON.stringify(object)))) {
          await askFor(context, locked, contents, found, options)
        }
        await contents.drop(found)
        return found
      })
    })
  } catch (error) {
    if (isMissingDatabase(error)) return []
    throw error
  }
}

async function askFor(
  { settings, report }: CommandContext,
  { description }: Database,
  { schemas }: Contents,
  objects: readonly DatabaseObject[],
  options: ResetOptions,
): Promise<void> {
  const database = description.text
  report({
    type: 'notice',
    code: 'REV_NOTICE_RESET',
    message: `reset drops from ${database}: ${listed(objects, schemas)}`,
  })
  if (await isAgreed(settings, description, options, { database, objects })) return
  throw new RevError('REV_LIFE_UNCONFIRMED', {
    command: 'reset',
    database: nameOf(description),
    isProtected: settings.protected,
    what: `${objects.length} object${objects.length === 1 ? '' : 's'}`,
  })
}

/** `2 tables (a, b), 1 view (v)`; with the schema before each name where there are several. */
function listed(objects: readonly DatabaseObject[], schemas: readonly string[]): string {
  const isPlain = schemas.length === 1 && objects.every(({ schema }) => schema === schemas[0])
  const kinds = [...new Set(objects.map(({ kind }) => kind))]
  return kinds
    .map((kind) => {
      const names = objects
        .filter((object) => object.kind === kind)
        .map(({ schema, name }) => inLine(isPlain ? name : `${schema}.${name}`))
      return `${names.length} ${names.length === 1 ? kind : pluralOf(kind)} (${names.join(', ')})`
    })
    .join(', ')
}

const pluralOf = (kind: string): string => (kind.endsWith('ss') ? `${kind}es` : `${kind}s`).replace(/ys$/, 'ies')

/** A name that holds the end of a line must not look like more than one. */
const inLine = (name: string): string => (/\p{Cc}/u.test(name) ? JSON.stringify(name) : name)
