import { type DbCreateResult, dbCreate } from './commands/db/create.ts'
import { type DbDropOptions, type DbDropResult, dbDrop } from './commands/db/drop.ts'
import { type DbDumpOptions, type DbDumpResult, dbDump } from './commands/db/dump.ts'
import { type DbPingResult, dbPing } from './commands/db/ping.ts'
import { type DbWaitOptions, type DbWaitResult, dbWait } from './commands/db/wait.ts'
import type { MethodOptions, RunMethod } from './method-options.ts'

/** The commands on the database itself as methods. */
export interface DbMethods {
  /** Creates the database of the connection when it is missing. */
  create(options?: MethodOptions): Promise<DbCreateResult>
  /** Drops the database of the connection, with everything in it. */
  drop(options?: DbDropOptions & MethodOptions): Promise<DbDropResult>
  /** Writes the schema down as SQL. */
  dump(options?: DbDumpOptions & MethodOptions): Promise<DbDumpResult>
  /** Connects and asks for the version. */
  ping(options?: MethodOptions): Promise<DbPingResult>
  /** Waits until the server answers. */
  wait(options?: DbWaitOptions & MethodOptions): Promise<DbWaitResult>
}

export function dbMethods(run: RunMethod): DbMethods {
  return {
    create: (given) => run(dbCreate, given),
    drop: (given) => run(dbDrop, given),
    dump: (given) => run(dbDump, given),
    ping: (given) => run(dbPing, given),
    wait: (given) => run(dbWait, given),
  }
}
