import { entry } from './define.ts'

/** A revision, and the revision of another database that it requires. */
export interface RequirementFault {
  readonly revision: string
  readonly file: string | undefined
  /** The name of the other database in the knexfile. */
  readonly database: string
  readonly required: string
}

const about = ({ revision, file }: Pick<RequirementFault, 'revision' | 'file'>): string =>
  `"${revision}"${file === undefined ? '' : ` (${file})`}`

const STATES = [
  ['done', 'done'],
  ['done in part', 'in-part'],
  ['not run', 'not-run'],
] as const

const list = (names: readonly string[]): string => names.join(', ')

/** Several databases of one project, and what the revisions of one require of another. */
export const databasesErrors = {
  REV_REQUIREMENT_UNKNOWN: entry<{
    problems: readonly (RequirementFault & {
      readonly why: 'no-names' | 'no-database' | 'own-database' | 'no-revision'
      /** What may have been meant. */
      readonly suggestion: string | undefined
    })[]
  }>({
    exit: 1,
    message: ({ problems }) =>
      [
        'what revisions require of other databases cannot be found:',
        ...problems.map(({ why, suggestion, ...fault }) => {
          const subject = `  ${about(fault)} requires "${fault.required}" of the database "${fault.database}"`
          const meant = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`
          if (why === 'no-names') return `${subject}, and this project has no names for databases`
          if (why === 'no-database') return `${subject}, which is none of this project's${meant}`
          if (why === 'own-database') return `${subject}, which is its own: write "depends_on"`
          return `${subject}, which has no such revision${meant}`
        }),
      ].join('\n'),
    hint: () => 'requires takes the name of a database in the knexfile, and a whole revision id of it',
  }),
  REV_REQUIREMENT_UNMET: entry<{
    unmet: readonly (RequirementFault & {
      /** The other database, without its secrets. */
      readonly place: string
      /** Its version rows. */
      readonly rows: readonly string[]
    })[]
  }>({
    exit: 1,
    message: ({ unmet }) =>
      [
        'nothing was run, because what it requires of other databases is not applied there:',
        ...unmet.map(
          ({ place, rows, ...fault }) =>
            `  ${about(fault)} requires "${fault.required}" of "${fault.database}" (${place}), which is at ${list(rows) || 'base'}`,
        ),
      ].join('\n'),
    hint: ({ unmet }) => {
      const [first] = unmet
      return first && `bring that one there first: rev upgrade ${first.required} --database ${first.database}`
    },
  }),
  REV_REQUIREMENT_HELD: entry<{
    held: readonly (RequirementFault & { readonly place: string })[]
  }>({
    exit: 1,
    message: ({ held }) =>
      [
        'nothing was run, because applied revisions of other databases require what would be undone:',
        ...held.map(
          ({ place, ...fault }) =>
            `  "${fault.required}" is required by ${about(fault)} of "${fault.database}" (${place})`,
        ),
      ].join('\n'),
    hint: ({ held }) => {
      const [first] = held
      return first && `go down there first, below ${first.revision}: rev downgrade TARGET --database ${first.database}`
    },
  }),
  REV_REQUIREMENT_UNREADABLE: entry<{
    /** The name of the other database in the knexfile. */
    database: string
    /** Why its files cannot be read. */
    reason: string
  }>({
    exit: 1,
    message: ({ database, reason }) =>
      `nothing was run, because it cannot be known whether revisions of "${database}" require what would be undone: ${reason}`,
    hint: ({ database }) => `put its files right: rev check --database ${database}`,
  }),
  REV_REQUIREMENT_CIRCLE: entry<{
    /** In order, each requiring the next, or standing on it; the last requires the first. */
    circle: readonly { readonly database: string; readonly revision: string; readonly file: string | undefined }[]
  }>({
    exit: 1,
    message: ({ circle }) =>
      [
        'revisions of several databases require each other in a circle, so that none of them can be the first:',
        ...circle.map(({ database, ...revision }) => `  ${about(revision)} of "${database}"`),
      ].join('\n'),
    hint: () => 'take one "requires" out, or split the revision that has it',
  }),
  REV_DATABASES_SAME: entry<{
    /** Their names in the knexfile. */
    databases: readonly string[]
    /** Which database, without its secrets. */
    place: string
    versionTable: string
  }>({
    exit: 2,
    message: ({ databases, place, versionTable }) =>
      `${databases.map((name) => `"${name}"`).join(' and ')} are the same database (${place}) with the same version table ${versionTable}, but not with the same files: each would find rows there that it does not know.`,
    hint: () => 'correct one connection; or give one of them a versionTable of its own, under "rev" in the knexfile',
  }),
  REV_DATABASES_FAILED: entry<{
    command: string
    /** In the order in which it was gone through them. */
    databases: readonly {
      readonly database: string
      /** `in-part`: it has gone a part of its way, and for the rest it was too late. */
      readonly state: 'done' | 'in-part' | 'failed' | 'not-run'
      /** The code of the error of one that failed. */
      readonly code: string | undefined
      /** Its message. */
      readonly reason: string | undefined
    }[]
  }>({
    exit: 1,
    message: ({ command, databases }) => {
      const named = (state: string) => databases.filter((each) => each.state === state)
      const failed = named('failed').map(({ database, code }) => `${database} (${code})`)
      const parts = [
        `failed: ${list(failed)}`,
        ...STATES.flatMap(([word, state]) => {
          const those = named(state)
          return those.length === 0 ? [] : [`${word}: ${list(those.map(({ database }) => database))}`]
        }),
      ]
      return `rev ${command} did not come through on ${failed.length} of ${databases.length} databases; ${parts.join('; ')}.`
    },
    hint: ({ databases }) =>
      databases.some(({ state }) => state === 'not-run' || state === 'in-part')
        ? 'put it right, then run the same again, which leaves alone what is done; --continue-on-error goes on with the others'
        : 'put it right, then run the same again, which leaves alone what is done',
  }),
}
