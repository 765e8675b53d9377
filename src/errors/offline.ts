import { entry } from './define.ts'
import { sqlExcerpt } from './sql-excerpt.ts'

/** Where in a revision something stands; the line is undefined when the stack does not tell. */
export interface OfflinePlace {
  readonly revision: string
  readonly file: string | undefined
  readonly line: number | undefined
}

const at = ({ file, line }: OfflinePlace): string =>
  file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`

const shown = (statement: string): string => `\n${sqlExcerpt(statement)}`

/** Writing a script with `--sql` instead of running on a database. */
export const offlineErrors = {
  REV_OFFLINE_READ: entry<
    OfflinePlace & {
      /** With placeholders, never with values. */
      readonly query: string
      /** True when the statement could be written and only its result cannot be had. */
      readonly resultOnly: boolean
    }
  >({
    exit: 1,
    message: ({ query, resultOnly, ...place }) =>
      resultOnly
        ? `"${place.revision}" uses the result of a statement${at(place)}, and a script has no database to give it:${shown(query)}`
        : `"${place.revision}" reads the database${at(place)}, and a script has none to ask:${shown(query)}`,
    hint: () =>
      'let the database do it in one statement (INSERT ... SELECT, UPDATE ... FROM), give the revision an "export async function offline(knex)" for scripts, end the script there with --on-data-read=comment, or run this revision on the database itself, without --sql',
  }),

  REV_OFFLINE_UNCHECKABLE_READ: entry<OfflinePlace & { readonly query: string }>({
    exit: 1,
    message: ({ query, ...place }) =>
      `"${place.revision}" asks for the schema${at(place)} in a way that a script cannot check:${shown(query)}`,
    hint: () => 'use hasTable or hasColumn, or name the columns that are wanted of the catalogue',
  }),

  REV_OFFLINE_LITERAL: entry<OfflinePlace & { readonly query: string; readonly reason: string }>({
    exit: 1,
    message: ({ query, reason, ...place }) =>
      `a value of "${place.revision}" cannot be written as SQL${at(place)}: ${reason}.${shown(query)}`,
    hint: () => 'bind a string, number, boolean, Date, Buffer or null, as the column needs it',
  }),

  REV_OFFLINE_STATEMENT: entry<OfflinePlace & { readonly query: string; readonly reason: string }>({
    exit: 1,
    message: ({ query, reason, ...place }) =>
      `a statement of "${place.revision}" cannot stand in a script${at(place)}: ${reason}.${shown(query)}`,
  }),

  REV_OFFLINE_FAILED: entry<
    OfflinePlace & {
      readonly direction: 'upgrade' | 'downgrade'
      readonly reason: string
      /** Revisions whose part of the script is complete. */
      readonly done: readonly string[]
    }
  >({
    exit: 1,
    message: ({ direction, reason, done, ...place }) =>
      `${direction} of "${place.revision}" failed while its script was written${at(place)}: ${reason}${
        done.length === 0 ? '' : `\nwritten before it: ${done.join(', ')}.`
      }`,
    hint: () => 'correct the revision file; what was written so far is not a whole script, so do not run it',
  }),

  REV_OFFLINE_RANGE_REQUIRED: entry<{ readonly command: string; readonly target: string; readonly example: string }>({
    exit: 2,
    message: ({ command, target }) =>
      `${command} --sql ${target === '' ? '' : `"${target}" `}needs the revision that the database is at: START:TARGET.`,
    hint: ({ example }) => `for example: ${example}`,
  }),

  REV_OFFLINE_CLIENT: entry<{ readonly client: string; readonly dialect: string; readonly fitting: readonly string[] }>(
    {
      exit: 2,
      message: ({ client, dialect }) => `"${client}" does not run scripts for ${dialect}.`,
      hint: ({ fitting }) => `use --sql-client ${fitting.join(' or ')}`,
    },
  ),

  REV_OFFLINE_FOLDER_NOT_EMPTY: entry<{ readonly folder: string; readonly files: readonly string[] }>({
    exit: 2,
    message: ({ folder, files }) =>
      `the folder ${folder} holds scripts that are not part of this: ${files.map((file) => `"${file}"`).join(', ')}.`,
    hint: () => 'remove them, or name an empty folder with --output',
  }),

  REV_OFFLINE_SHADOW_STATEMENT: entry<
    OfflinePlace & { readonly query: string; readonly reason: string; readonly shadow: string }
  >({
    exit: 1,
    message: ({ query, reason, shadow, ...place }) =>
      `a statement of "${place.revision}"${at(place)} does not work on the shadow (${shadow}): ${reason}${shown(query)}`,
    hint: () =>
      'make a scratch database possible that can do it: put the extension, the role or the tablespace into a server of your own and name it with --shadow-url',
  }),

  REV_OFFLINE_DIALECT: entry<{ readonly dialect: string }>({
    exit: 2,
    message: ({ dialect }) =>
      `--sql writes scripts for PostgreSQL, MySQL/MariaDB and SQLite; the client of this project is "${dialect}".`,
    hint: () => 'name another client with --client, or run on the database itself',
  }),
}
