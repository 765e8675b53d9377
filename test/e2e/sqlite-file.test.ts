import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { creates } from '../support/behaviour.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const config = { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, useNullAsDefault: true }

describe('a SQLite file that is not there', () => {
  let project: TempProject
  const isThere = (): boolean => existsSync(join(project.path, 'dev.sqlite3'))

  beforeEach(() => {
    project = createTempProject({ files: { 'knexfile.json': JSON.stringify(config) } })
    project.revision(creates('aaa', null))
  })

  test.each([
    ['current', 0],
    ['history -i', 0],
    ['log', 0],
    ['log current -v', 0],
    ['upgrade --plan', 0],
    ['upgrade --sql +1', 0],
    ['upgrade base', 0],
    ['downgrade base', 0],
    ['stamp base', 0],
    ['downgrade -1', 1],
    ['upgrade nothing', 1],
    ['upgrade head --lock-timeout soon', 2],
    ['upgrade head --table-lock-timeout soon', 2],
    ['upgrade head --statement-timeout soon', 2],
    ['upgrade head --statement-timeout 1s', 2],
  ])('is not made by rev %s', async (words, code) => {
    const ran = await project.rev(words.split(' '))

    expect(ran, ran.stderr).toMatchObject({ code })
    expect(isThere()).toBe(false)
  })

  test('is told by a command that finds none', async () => {
    expect((await project.rev(['current'])).stderr).toContain(join(project.path, 'dev.sqlite3'))
  })

  test('is made by an upgrade that has something to do', async () => {
    expect(await project.rev(['upgrade', 'head'])).toMatchObject({ code: 0 })
    expect(isThere()).toBe(true)
  })
})

test('a database in memory is said to be gone afterwards', async () => {
  const project = createTempProject({
    files: { 'knexfile.json': JSON.stringify({ ...config, connection: { filename: ':memory:' } }) },
  })
  project.revision(creates('aaa', null))

  const { code, stderr } = await project.rev(['upgrade', 'head'])

  expect(code).toBe(0)
  expect(stderr).toContain('in memory')
})
