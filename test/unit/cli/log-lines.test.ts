import { describe, expect, it } from 'vitest'
import { wantsLogLines } from '../../../src/cli/log-format.ts'
import { createLogLines } from '../../../src/cli/log-lines.ts'
import type { LogLines } from '../../../src/cli/report-lines.ts'
import { RevError } from '../../../src/errors/index.ts'
import type { RevEvent } from '../../../src/events.ts'

const step = {
  direction: 'upgrade',
  revision: '4f0c2a91d3be',
  message: 'add country table',
  file: '/p/versions/4f0c2a91d3be_add_country_table.ts',
  index: 1,
  total: 2,
} as const
const at = '2026-08-01T12:30:05.250Z'
const run = 'f21bff1c-761a-4b5a-809a-e6a573b00bea'
const begins: RevEvent[] = [
  { type: 'run:start', runId: run, direction: 'upgrade', steps: 2, database: 'app' },
  { type: 'step:start', ...step },
]

function linesOf(use: (lines: LogLines) => void): Record<string, unknown>[] {
  let text = ''
  use(
    createLogLines(
      (line) => {
        text += line
      },
      () => new Date(at),
    ),
  )
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

function told(events: readonly RevEvent[], { quiet = false, verbose = false } = {}): Record<string, unknown>[] {
  return linesOf((lines) => {
    const report = lines.reporter({ quiet, verbose, downRevisions: () => ['1975ea83b712'] })
    for (const event of events) report(event)
  })
}

const failed = (statement: string | undefined): RevError =>
  new RevError('REV_STEP_FAILED', {
    revision: step.revision,
    file: undefined,
    line: undefined,
    direction: 'upgrade',
    statement,
    position: undefined,
    driverMessage: 'no such table: t',
    done: [],
    failed: step.revision,
    notRun: [],
    rolledBack: true,
    committedStatements: 0,
  }) as RevError

describe('a line of the log', () => {
  it('says when, how grave, what, in which run, and in words', () => {
    expect(told(begins)).toEqual([
      {
        time: at,
        level: 'info',
        event: 'run:start',
        run,
        direction: 'upgrade',
        steps: 2,
        database: 'app',
        message: 'upgrade of app: 2 steps',
      },
      {
        time: at,
        level: 'info',
        event: 'step:start',
        run,
        direction: 'upgrade',
        revision: step.revision,
        step: 1,
        steps: 2,
        message: 'upgrade 1975ea83b712 -> 4f0c2a91d3be  add country table',
      },
    ])
  })

  it('counts the statements of each step, and shows them only when asked for more', () => {
    const statement = {
      type: 'statement',
      revision: step.revision,
      sql: 'insert into t values (?)',
      bindings: 1,
      ms: 2.7,
    } as const
    const events: RevEvent[] = [
      ...begins,
      statement,
      { ...statement, error: 'no' },
      { type: 'step:start', ...step },
      statement,
    ]

    const statements = told(events, { verbose: true }).filter(({ event }) => event === 'statement')
    expect(statements.map((line) => [line.statement, line.error, line.ms, line.values, line.message])).toEqual([
      [1, undefined, 3, 1, 'insert into t values (?)'],
      [2, 'no', 3, 1, 'insert into t values (?)'],
      [1, undefined, 3, 1, 'insert into t values (?)'],
    ])
    expect(told(events).map(({ event }) => event)).toEqual(['run:start', 'step:start', 'step:start'])
  })

  it('counts the statements anew when a revision is run again, not when a statement is sent again', () => {
    const statement = { type: 'statement', revision: step.revision, sql: 'select 1', bindings: 0, ms: 1 } as const
    const retry = {
      type: 'retry',
      revision: step.revision,
      sql: 'select 1',
      reason: 'no lock',
      blockers: ['connection 7'],
      attempt: 1,
      attempts: 4,
      pauseMs: 400,
    } as const
    const events: RevEvent[] = [
      ...begins,
      statement,
      { ...retry, what: 'statement' },
      statement,
      { ...retry, what: 'revision' },
      statement,
    ]

    const lines = told(events, { verbose: true })
    expect(lines.filter(({ event }) => event === 'statement').map((line) => line.statement)).toEqual([1, 2, 1])
    expect(lines.find(({ event }) => event === 'retry')).toMatchObject({
      level: 'warn',
      what: 'statement',
      revision: step.revision,
      reason: 'no lock',
      blockers: ['connection 7'],
      attempt: 1,
      attempts: 4,
      ms: 400,
    })
  })

  it('is not written when it is to be quiet, but for errors', () => {
    expect(told(begins, { quiet: true })).toEqual([])
  })

  it('of an error has its code, hint and exit code, and where it happened', () => {
    const lines = linesOf((log) => {
      const report = log.reporter({ quiet: true, verbose: false, downRevisions: () => [] })
      for (const event of begins) report(event)
      report({ type: 'statement', revision: step.revision, sql: 'select 1', bindings: 0, ms: 1 })
      report({ type: 'statement', revision: step.revision, sql: 'select x from t', bindings: 0, ms: 1, error: 'no' })
      log.error(failed('select x from t'), { raiseerr: false })
      log.error(failed(undefined), { raiseerr: false })
    })
    const expected = {
      time: at,
      level: 'error',
      event: 'error',
      run,
      code: 'REV_STEP_FAILED',
      revision: step.revision,
      exit: 1,
    }
    expect(lines).toMatchObject([{ ...expected, statement: 2 }, expected])
    expect(lines[1]).not.toHaveProperty('statement')
    expect(lines[0]).not.toHaveProperty('trace')
  })

  it('of an error has the causes when they are asked for', () => {
    const error = new RevError(
      'REV_USAGE_UNKNOWN_COMMAND',
      { command: 'x' },
      { cause: new TypeError('deep') },
    ) as RevError
    const [line] = linesOf((log) => log.error(error, { raiseerr: true }))
    expect(line?.trace).toMatch(/at [\s\S]*caused by TypeError: deep/)
  })

  it('stays one line, obeys no control character and shows no password of a URL', () => {
    const text = 'a\nb\u001b[2J\u2028c postgres://me:hunter2@db/shop'
    let written = ''
    const log = createLogLines((line) => {
      written += line
    })
    log.reporter({ quiet: false, verbose: false, downRevisions: () => [] })({ type: 'log', revision: 'a', text })
    log.remark({ level: 'info', event: 'note', message: text })

    expect(written.split('\n')).toHaveLength(3)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(written).not.toMatch(/hunter2|\u001b|\u2028/)
    expect(JSON.parse(written.split('\n')[0] ?? '').message).toBe('a\nb\u001b[2J\u2028c postgres://***@db/shop')
  })
})

describe('--log-format json', () => {
  it('is seen in both spellings, and not behind --', () => {
    expect(wantsLogLines(['upgrade', '--log-format', 'json'])).toBe(true)
    expect(wantsLogLines(['--log-format=json', 'upgrad'])).toBe(true)
    expect(wantsLogLines(['upgrade', '--log-format', 'text'])).toBe(false)
    expect(wantsLogLines(['revision', '--', '--log-format=json'])).toBe(false)
  })
})
