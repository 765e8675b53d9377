import { describe, expect, it } from 'vitest'
import { captureStack, findCallSite } from '../../../../src/database/handle/call-site.ts'

const stack = (...frames: string[]) => ['Error: x', ...frames.map((frame) => `    at ${frame}`)].join('\n')

describe('the place of a call', () => {
  it('is the topmost frame of the revision file, by path or URL', () => {
    const file = '/p q/versions/a (1).ts'
    const byPath = stack(
      'knex (/p/node_modules/knex/lib/x.js:1:1)',
      'helper (/p/h.ts:9:1)',
      `up (${file}:12:5)`,
      `${file}:3:1`,
    )
    const byUrl = stack('async Module.up (file:///p%20q/versions/a%20(1).ts?v=2:7:3)')

    expect(findCallSite(byPath, file)).toEqual({ file, line: 12 })
    expect(findCallSite(byUrl, file)).toEqual({ file, line: 7 })
  })

  it('is the topmost frame of the project when the file is not in the stack', () => {
    const text = stack(
      'node:internal/timers:5:1',
      'a (/p/node_modules/knex/x.js:1:1)',
      'async b (file:///p/h%20i.mjs:4:2)',
    )

    expect(findCallSite(text, '/p/versions/a.ts')).toEqual({ file: '/p/h i.mjs', line: 4 })
    expect(findCallSite(stack('async /p/c.js:8:1'), undefined)).toEqual({ file: '/p/c.js', line: 8 })
  })

  it('is unknown without a stack', () => {
    expect(findCallSite(undefined, '/p/a.ts')).toEqual({ file: undefined, line: undefined })
  })

  it('begins below the named function', () => {
    const watched = () => captureStack(watched)

    expect(findCallSite(watched().stack, undefined).file).toMatch(/call-site\.test\.ts$/)
    expect(watched().stack).not.toContain('watched')
  })
})
