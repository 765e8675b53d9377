import { describe, expect, it } from 'vitest'
import { errorJson, resultJson } from '../../../../src/cli/format/json.ts'
import { type RevError, RevError as RevErrorClass } from '../../../../src/errors/index.ts'

describe('JSON', () => {
  it('carries its version and the command first', () => {
    expect(resultJson({ command: 'heads', revisions: [] })).toBe(
      '{\n  "rev": 1,\n  "command": "heads",\n  "revisions": []\n}\n',
    )
  })

  it('has every field, with null for what is not there', () => {
    expect(JSON.parse(resultJson({ command: 'x', file: undefined, big: 10n }))).toEqual({
      rev: 1,
      command: 'x',
      file: null,
      big: '10',
    })
  })

  it('leaves the user data of a script alone', () => {
    const script = "insert into link values ('https://me:word@host/');"
    expect(JSON.parse(resultJson({ command: 'sql', script }))).toMatchObject({ script })
  })

  it('never shows the password of a URL in an error', () => {
    const details = { command: 'postgres://me:s3cret@host/db' }
    const text = errorJson(new RevErrorClass('REV_USAGE_UNKNOWN_COMMAND', details) as RevError, 'x')
    expect(text).not.toContain('s3cret')
    expect(JSON.parse(text)).toMatchObject({ error: { details: { command: 'postgres://***@host/db' } } })
  })

  it('tells an error with its code, exit code and details', () => {
    const cause = new Error('postgres://me:s3cret@host/db')
    const error = new RevErrorClass('REV_USAGE_UNKNOWN_COMMAND', { command: 'x' }, { cause }) as RevError
    const text = errorJson(error, undefined)
    expect(JSON.parse(text)).toEqual({
      rev: 1,
      command: null,
      error: {
        code: 'REV_USAGE_UNKNOWN_COMMAND',
        message: 'there is no command "x".',
        hint: 'rev --help lists the commands',
        details: { command: 'x' },
        exit: 2,
      },
    })
    expect(text).not.toContain('s3cret')
  })
})
