import { describe, expect, it } from 'vitest'
import { splitCommand } from '../../../src/script/split-command.ts'

describe('splitting a command into words', () => {
  for (const [text, words] of [
    ['', []],
    ['vi', ['vi']],
    ['  code   --wait ', ['code', '--wait']],
    [`"/opt/my editor/bin" -n`, ['/opt/my editor/bin', '-n']],
    [`a 'b "c" d' "e 'f' g"`, ['a', 'b "c" d', `e 'f' g`]],
    [`a "" ''`, ['a', '', '']],
    [`one" "two`, ['one two']],
    [`my\\ editor \\"x\\"`, ['my editor', '"x"']],
    [`C:\\bin\\ed.exe "C:\\a b\\c.exe"`, ['C:\\bin\\ed.exe', 'C:\\a b\\c.exe']],
    [`a; rm $HOME | cat > x`, ['a;', 'rm', '$HOME', '|', 'cat', '>', 'x']],
  ] as const) {
    it(`takes ${JSON.stringify(text)} apart`, () => {
      expect(splitCommand(text)).toEqual(words)
    })
  }

  it('gives nothing for a quote that is never closed', () => {
    expect(splitCommand(`code "x`)).toBeUndefined()
    expect(splitCommand(`it's`)).toBeUndefined()
  })
})
