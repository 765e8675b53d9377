import { RevError } from '../errors/index.ts'
import type { DatabaseDescription } from './describe-connection.ts'
import { hintFor } from './known-errors.ts'
import type { Redactor } from './redactor.ts'

/** The error for a database that could not be reached: the place, and what the driver said. */
export function connectFailure(
  cause: unknown,
  description: DatabaseDescription,
  redactor: Redactor,
): RevError<'REV_DATABASE_CONNECT_FAILED'> {
  const { client, host, port, database, user, filename } = description
  const remedy = hintFor(cause)
  return new RevError(
    'REV_DATABASE_CONNECT_FAILED',
    {
      client,
      ...defined({ host, port, database, user, filename, remedy }),
      reason: redactor.text(reasonOf(cause)),
    },
    { cause: redactor.error(cause) },
  )
}

function defined<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  // Several addresses of one name were tried: Node's error has no message of its own then.
  const inner = cause instanceof AggregateError ? cause.errors.map((error) => reasonOf(error)) : []
  const said = cause.message || inner.join('; ')
  if (/^Knex: Timeout acquiring a connection/.test(said)) return 'no answer in time'
  const { code } = cause as { code?: unknown }
  return said || (typeof code === 'string' ? code : cause.name)
}
