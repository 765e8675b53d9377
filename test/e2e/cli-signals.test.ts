import { describe, expect, it } from 'vitest'
import { startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

/** A project whose only revision does something, says so, and then waits. */
function project(waiting: string): TempProject {
  const created = createTempProject({
    files: {
      'knexfile.js':
        "export default { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, useNullAsDefault: true }\n",
    },
  })
  created.revision({
    revision: 'aaa1',
    extension: 'js',
    upgrade: `await knex.schema.createTable('t', (t) => t.increments())\ncontext.log('working')\n${waiting}`,
  })
  return created
}

const UNTIL_TOLD = `await new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, 60_000)
  context.signal.addEventListener('abort', () => { clearTimeout(timer); reject(new Error('told to stop')) })
})`
const DEAF = 'await new Promise((resolve) => setTimeout(resolve, 60_000))'

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s stops the work, undoes the step and ends with %d', async (signal, code) => {
    const created = project(UNTIL_TOLD)
    const running = startRev(['upgrade', 'head'], { cwd: created.path })
    await running.saw(/working/)
    running.process.kill(signal)
    const result = await running.done

    expect(result.code).toBe(code)
    expect(result.stderr).toContain(`${signal}: stopping`)
    expect(result.stdout).toBe('')
    expect((await created.rev(['current', '--json'])).stdout).toContain('"rows": []')
  })

  it('given twice ends the process at once', async () => {
    const running = startRev(['upgrade', 'head'], { cwd: project(DEAF).path })
    await running.saw(/working/)
    running.process.kill('SIGINT')
    await running.saw(/SIGINT: stopping/)
    running.process.kill('SIGINT')
    expect((await running.done).code).toBe(130)
  })
})
