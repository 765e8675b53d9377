import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTempProject } from '../support/temp-project.ts'

it('writes no second base into a location whose label belongs to the only one', async () => {
  const { rev, path, write } = createTempProject()
  const locations = `['versions', { path: 'billing', label: 'billing' }]`
  write('knexfile.js', `export default { client: 'better-sqlite3', rev: { versionLocations: ${locations} } }`)
  for (const folder of ['versions', 'billing']) write(`${folder}/.gitkeep`, '')
  const revision = (id: string, head: string, folder: string) =>
    rev(['revision', '-m', id, '--rev-id', id, '--head', head, '--splice', '--version-path', folder])

  expect(await revision('a1', 'base', 'versions')).toMatchObject({ code: 0 })
  expect(await revision('b1', 'base', 'billing')).toMatchObject({ code: 0 })
  const second = await revision('c1', 'base', 'billing')

  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(/^error REV_FILE_LOCATION_LABEL: .*billing.*b1, c1/)
  expect(existsSync(join(path, 'billing', 'c1_c1.js'))).toBe(false)
  expect(await revision('d1', 'b1', 'billing')).toMatchObject({ code: 0 })
  expect(await rev(['heads'])).toMatchObject({ code: 0 })
})
