import { describe, expect, it } from 'vitest'
import { run } from '../../../../src/cli/actions/init.ts'
import { readArgv } from '../../../../src/cli/argv.ts'
import { toGiven } from '../../../../src/cli/given.ts'
import { plainStyle } from '../../../../src/cli/style.ts'
import { createTempProject, type TempProject } from '../../../support/temp-project.ts'

/** Runs `rev init` with somebody at the terminal who answers; without an answer nobody is there. */
async function init(project: TempProject, answer?: boolean, flags: readonly string[] = []): Promise<string[]> {
  await readArgv(['init', ...flags])
  const asked: string[] = []
  const ask = async (question: string): Promise<boolean> => {
    asked.push(question)
    return answer ?? false
  }
  await run({
    words: [],
    given: toGiven(Object.fromEntries(flags.map((flag) => [flag.slice(2), true]))),
    signal: new AbortController().signal,
    terminal: {
      out: () => {},
      written: async () => {},
      err: () => {},
      outStyle: plainStyle,
      errStyle: plainStyle,
      isInteractive: answer !== undefined,
      ask: answer === undefined ? undefined : ask,
      environment: {},
      cwd: project.path,
    },
  })
  return asked
}

const scriptsOf = (project: TempProject): object => JSON.parse(project.read('package.json')).scripts ?? {}

describe('the scripts that init offers', () => {
  it('are added when somebody at the terminal says yes, and not offered again', async () => {
    const project = createTempProject()

    expect(await init(project, true)).toHaveLength(1)
    expect(scriptsOf(project)).toMatchObject({ rev: 'rev', 'db:upgrade': 'rev upgrade head' })
    expect(await init(project, true)).toEqual([])
  })

  it('are left alone when somebody says no', async () => {
    const project = createTempProject()

    expect(await init(project, false)).toHaveLength(1)
    expect(scriptsOf(project)).toEqual({})
  })

  it.each([[[]], [['--scripts']]])('are never asked about without a terminal (%j)', async (flags) => {
    const project = createTempProject()

    expect(await init(project, undefined, flags)).toEqual([])
    expect('rev' in scriptsOf(project)).toBe(flags.includes('--scripts'))
  })

  it.each(['--json', '--quiet', '--scripts'])('are not asked about with %s', async (flag) => {
    expect(await init(createTempProject(), true, [flag])).toEqual([])
  })
})
