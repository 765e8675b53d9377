import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import type { TestDatabase } from '../../support/databases.ts'
import { type RunningProcess, type RunResult, start } from '../../support/run-cli.ts'

/** How a client takes errors: as the script asks, or not at all. */
export const CLIENTS = ['stops at errors', 'ignores errors'] as const
export type ClientKind = (typeof CLIENTS)[number]

/** The script as a client of this kind takes it. */
export function scriptFor(script: string, client: ClientKind): string {
  return client === 'stops at errors' ? script : script.replaceAll('.bail on\n', '')
}

/** sqlite3, told nothing but where the database is. */
export function startSqlite(db: TestDatabase, script: string, args: readonly string[] = []): RunningProcess {
  return start('sqlite3', ['-batch', ...args, db.name], { cwd: tmpdir(), input: script })
}

/** A sqlite3 that is given its lines one part after the other. */
export function openSqlite(db: TestDatabase): {
  readonly process: ChildProcessWithoutNullStreams
  write(text: string): void
  /** Writes the last part; resolves when the client is through. */
  end(text: string): Promise<RunResult>
  /** Resolves once its output matches; rejects when it ends without. */
  saw(pattern: RegExp): Promise<void>
} {
  const child = spawn('sqlite3', ['-batch', db.name], { cwd: tmpdir() })
  let stdout = ''
  let stderr = ''
  // One that was killed does not read what is written to it.
  child.stdin.on('error', () => {})
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const done = new Promise<RunResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ stdout, stderr, code: code ?? 137 }))
  })
  return {
    process: child,
    write: (text) => void child.stdin.write(text),
    end(text) {
      child.stdin.end(text)
      return done
    },
    saw: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(stdout)) resolve()
        }
        child.stdout.on('data', look)
        look()
        done.then(() => reject(new Error(`ended before ${pattern}:\n${stdout}${stderr}`)), reject)
      }),
  }
}

/** Runs a script with a sqlite3 that obeys it, or with one that goes on after every error. */
export function sqlite(db: TestDatabase, script: string, client: ClientKind = 'stops at errors'): Promise<RunResult> {
  return startSqlite(db, scriptFor(script, client)).done
}

/** What sqlite3 says of the settings of a script. */
export const SETTINGS = `${' '.repeat(12)}dqs_dml off\n${' '.repeat(12)}dqs_ddl off\n`

/** What a script says that did all. */
export function saidOf(db: TestDatabase, rows: string): string {
  return `${SETTINGS}rev: takes the lock ${db.name}-rev-lock\nexclusive\nrev: database "${db.name}" is now at ${rows}\n`
}
