import { describe, expect, it } from 'vitest'
import { explainError, toRevError } from '../../../src/cli/explain.ts'
import { plainStyle } from '../../../src/cli/style.ts'
import { type RevError, RevError as RevErrorClass } from '../../../src/errors/index.ts'

const explain = (error: RevError, raiseerr = false): string => explainError(error, plainStyle, { raiseerr })

const unknownCommand = (cause?: unknown) =>
  new RevErrorClass('REV_USAGE_UNKNOWN_COMMAND', { command: 'upgrad', suggestion: 'upgrade' }, { cause }) as RevError

describe('an error of rev', () => {
  it('is its code, its message and its hint', () => {
    expect(explain(unknownCommand())).toBe(
      'error REV_USAGE_UNKNOWN_COMMAND: there is no command "upgrad".\n  hint: did you mean: rev upgrade\n',
    )
  })

  it('keeps its causes and stacks to itself until it is asked', () => {
    const error = unknownCommand(new TypeError('deep', { cause: new RangeError('deeper') }))

    expect(explain(error)).not.toMatch(/deep| at /)
    expect(explain(error, true)).toMatch(
      /caused by TypeError: deep\n[\s\S]*at [\s\S]*caused by RangeError: deeper\n[\s\S]*at /,
    )
  })

  it('that is its own cause is explained all the same', () => {
    const circle = new Error('round')
    circle.cause = circle
    expect(explain(unknownCommand(circle), true).match(/caused by/g)).toHaveLength(1)
  })

  it('shows the driver part of a Knex error only, because the rest holds values', () => {
    const driver = Object.assign(new Error("insert into u (p) values ('hunter2') - UNIQUE constraint failed: u.p"), {
      code: 'SQLITE_CONSTRAINT_UNIQUE',
    })
    const text = explain(unknownCommand(driver), true)

    expect(text).toContain('caused by Error SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: u.p')
    expect(text).not.toContain('hunter2')
  })

  it('never shows the password of a URL', () => {
    const text = explain(unknownCommand(new Error('cannot reach postgres://me:s3cret@host/db')), true)
    expect(text).toContain('postgres://***@host/db')
    expect(text).not.toContain('s3cret')
  })

  it('obeys no control character', () => {
    const error = new RevErrorClass('REV_USAGE_UNKNOWN_COMMAND', { command: '\u001b]0;x\u0007' }) as RevError
    expect(explain(error)).toContain('"\\x1b]0;x\\x07"')
  })
})

describe('anything else that is thrown', () => {
  it.each([[new TypeError('x is not a function')], ['a text'], [undefined], [null]])(
    '%j is a defect of rev, always with its trace',
    (thrown) => {
      const error = toRevError(thrown)
      expect(error).toMatchObject({ code: 'REV_INTERNAL', exit: 1 })
      expect(explain(error)).toMatch(/error REV_INTERNAL: [\s\S]* {2}at /)
    },
  )

  it('stays what it is when it is an error of rev', () => {
    const error = unknownCommand()
    expect(toRevError(error)).toBe(error)
  })
})
