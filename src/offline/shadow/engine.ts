import type { Knex } from 'knex'
import type { ShadowEngineKind } from '../../errors/offline.ts'

/** An empty scratch database, and whatever had to be started for it. */
export interface ShadowEngine {
  readonly kind: ShadowEngineKind
  /** For messages. */
  readonly name: string
  /** What the project's own client connects with. */
  readonly connection: Exclude<Knex.Config['connection'], string | undefined>
  /** A question that nothing but this scratch database answers so: a client may go where it likes. */
  readonly proof: { readonly sql: string; readonly answer: string }
  /** Why a statement must not be sent, where it could do harm beside the scratch database. */
  refuse?(sql: string): string | undefined
  /** Throws the database away and ends what was started. Does not throw; to be called once. */
  close(): Promise<void>
}
