import { describe, expect, test } from 'vitest'
import { createRedactor } from '../../../src/database/redactor.ts'
import { RevError } from '../../../src/errors/index.ts'

const hostile = `p%4@ss/w#rd:'x"y`

describe('createRedactor', () => {
  test('takes a password out of a text in each way that it may be written', () => {
    const redactor = createRedactor([hostile])
    const spellings = [
      hostile,
      encodeURIComponent(hostile),
      encodeURIComponent(hostile).toLowerCase(),
      encodeURI(hostile),
      JSON.stringify(hostile).slice(1, -1),
      hostile.replaceAll("'", "''"),
    ]

    const cleaned = spellings.map((spelling) => redactor.text(`before ${spelling} after`))

    expect(cleaned).toEqual(spellings.map(() => 'before *** after'))
  })

  test('knows the plain form of a password that was given encoded', () => {
    const redactor = createRedactor(['s%40cret'])

    expect(redactor.text('s@cret and s%40cret')).toBe('*** and ***')
  })

  test('takes the password out of any URL, known or not, up to the last @', () => {
    const redactor = createRedactor()

    expect(redactor.text('at postgres://me:a@b/c#d@db.example:5432/shop, again')).toBe(
      'at postgres://me:***@db.example:5432/shop, again',
    )
  })

  test('leaves no tail of a longer secret that begins with a shorter one', () => {
    const redactor = createRedactor(['secret', 'secret-and-more'])

    expect(redactor.text('secret-and-more secret')).toBe('*** ***')
  })

  test('cleans an error, its stack, its causes, its inner errors and its details', () => {
    const redactor = createRedactor(['hunter2'])
    const inner = new Error('inner hunter2')
    const cause = new AggregateError([inner], 'cause hunter2')
    Object.assign(cause, { sqlMessage: 'said hunter2', code: 'ECONNREFUSED' })
    const error = new RevError(
      'REV_DATABASE_CONNECT_FAILED',
      { client: 'pg', host: 'db', reason: 'password hunter2' },
      { cause },
    )

    const cleaned = redactor.error(error)

    expect(cleaned).toBe(error)
    const everything = [
      cleaned.message,
      cleaned.stack,
      cleaned.details.reason,
      cause.message,
      cause.stack,
      inner.message,
    ]
    for (const text of [...everything, JSON.stringify(cause)]) expect(text).not.toContain('hunter2')
    expect(cleaned.details.reason).toBe('password ***')
    expect(cause).toMatchObject({ code: 'ECONNREFUSED', sqlMessage: 'said ***' })
  })

  test('survives an error that is its own cause, and one that is frozen', () => {
    const redactor = createRedactor(['hunter2'])
    const circular: Error & { cause?: unknown } = new Error('hunter2')
    circular.cause = circular
    const frozen = Object.freeze(new Error('hunter2'))

    expect(redactor.error(circular).message).toBe('***')
    expect(redactor.error(frozen)).toBe(frozen)
  })

  test('does not hide a password that is shown anyway as the name of the user', () => {
    const redactor = createRedactor(['postgres'], ['postgres'])

    expect(redactor.text('user postgres')).toBe('user postgres')
  })
})
