import { expect, test } from 'vitest'
import { creates } from '../support/behaviour.ts'
import { createTempProject } from '../support/temp-project.ts'

test('an upgrade takes back what it did when it was told to, and says so', async () => {
  const config = { client: 'better-sqlite3', connection: { filename: 'app.sqlite3' }, useNullAsDefault: true }
  const project = createTempProject({ files: { 'knexfile.json': JSON.stringify(config) } })
  project.revision(creates('aaaa', null))
  project.revision(creates('bbbb', 'aaaa'))
  project.revision({ revision: 'cccc', down: 'bbbb', upgrade: `throw new Error('no')` })
  expect(await project.rev(['upgrade', 'aaaa'])).toMatchObject({ code: 0 })

  const { code, stderr } = await project.rev(['upgrade', 'head', '--rollback-on-failure'])
  const beside = await project.rev(['upgrade', 'head', '--rollback-on-failure', '--sql'])

  expect(code).toBe(1)
  expect(stderr).toContain('done: bbbb; failed: cccc; not run: none.\ndowngraded again: bbbb.')
  expect((await project.rev(['current'])).stdout).toMatch(/^aaaa/)
  expect(beside).toMatchObject({ code: 2, stderr: expect.stringContaining('a script stops where it fails') })
})
