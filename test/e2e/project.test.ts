import { expect, it } from 'vitest'
import { creates } from '../support/behaviour.ts'
import { createTempProject } from '../support/temp-project.ts'

it('a database of another project is refused, with what to type, and what reads goes on', async () => {
  const config = (project: string | undefined): object => ({
    client: 'better-sqlite3',
    connection: { filename: './dev.sqlite3' },
    useNullAsDefault: true,
    rev: { project },
  })
  const knexfile = { development: config('shop'), billing: config('billing'), nobody: config(undefined) }
  const project = createTempProject({ files: { 'knexfile.json': JSON.stringify(knexfile) } })
  project.revision(creates('aaaa1111', null))
  expect((await project.rev(['upgrade'])).code).toBe(0)
  project.revision(creates('bbbb1111', 'aaaa1111'))

  const refused = await project.rev(['upgrade', '--env', 'billing'])

  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^error REV_DATABASE_OTHER_PROJECT/m)
  expect(refused.stderr).toContain(`update "main"."rev_meta" set value = 'billing' where name = 'project';`)
  expect(await project.rev(['current', '--env', 'billing'])).toMatchObject({ code: 0 })
  const checked = await project.rev(['check', '--db', '--env', 'billing'])
  expect(checked).toMatchObject({ code: 3, stderr: expect.stringContaining('REV_FINDING_OTHER_PROJECT') })
  const status = await project.rev(['status', '--exit-code', '--env', 'billing'])
  expect(status).toMatchObject({ code: 3, stdout: expect.stringContaining('belongs to the project "shop"') })
  const notice = await project.rev(['upgrade', '--env', 'nobody'])
  expect(notice).toMatchObject({ code: 0, stderr: expect.stringContaining('belongs to the project "shop"') })
})
