import { describe, expect, it } from 'vitest'
import { COMMANDS, type CommandSpec } from '../../../src/cli/command-table.ts'
import { commandHelp, generalHelp } from '../../../src/cli/help.ts'
import { GLOBAL_OPTIONS, spellingsOf } from '../../../src/cli/options.ts'

describe('help', () => {
  it('lists every command and every option that all of them have', () => {
    const text = generalHelp('1.2.3')
    for (const { name, summary } of COMMANDS) {
      const line = text.split('\n').find((candidate) => new RegExp(`^ {2}${name}\\b`).test(candidate))
      expect(line).toContain(`  ${summary}`)
    }
    for (const name of GLOBAL_OPTIONS) expect(text).toContain(spellingsOf(name).join(', '))
    expect(text).toContain('1.2.3')
  })

  it.each((COMMANDS as readonly CommandSpec[]).map((command) => [command.name, command] as const))(
    'of %s shows its options, its other spellings and examples',
    (_name, command) => {
      const text = commandHelp(command)
      expect(text).toMatch(new RegExp(`^Usage: rev ${command.name}`))
      for (const name of command.options) expect(text).toContain(spellingsOf(name).join(', '))
      for (const alias of command.aliases) expect(text).toContain(`rev ${alias}`)
      for (const example of command.examples) expect(text).toContain(`  ${example}\n`)
    },
  )

  it('fits the width of a terminal', () => {
    for (const text of [generalHelp('1.2.3'), ...COMMANDS.map((command) => commandHelp(command))])
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })
})
