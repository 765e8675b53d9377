import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readRevisionsAt } from '../../../src/script/git-base.ts'
import { resolveSettings } from '../../../src/script/settings-from-options.ts'
import type { RevOptions } from '../../../src/settings.ts'
import { failureOf, folderWith, writeFiles } from '../../support/folder-with.ts'

const revision = (id: string, down: string | null) =>
  `/** message of ${id} ü */\nexport const revision = '${id}'\nexport const down_revision = ${JSON.stringify(down)}\nexport function upgrade() {}\n`

function git(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'init.defaultBranch=main']
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

function commit(folder: string, files: Record<string, string>): string {
  writeFiles(folder, files)
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'change')
  return git(folder, 'rev-parse', 'HEAD').trim()
}

function repositoryWith(files: Record<string, string>): string {
  const folder = folderWith()
  git(folder, 'init', '-q')
  commit(folder, files)
  return folder
}

const read = (directory: string, ref: string, options: RevOptions = {}) =>
  readRevisionsAt({ ref, directory, settings: resolveSettings(options, { directory }) })

describe('the revisions at a git reference', () => {
  it('are those of that commit, whatever lies in the folder now', async () => {
    const folder = repositoryWith({ 'versions/a_ä b.ts': revision('a', null), 'versions/b.ts': revision('b', 'a') })
    const base = git(folder, 'rev-parse', 'HEAD').trim()
    git(folder, 'checkout', '-q', '-b', 'feature')
    commit(folder, { 'versions/c.ts': revision('c', 'b') })
    writeFiles(folder, { 'versions/b.ts': 'changed' })
    rmSync(join(folder, 'versions', 'a_ä b.ts'))

    const { headers, commit: found, mergeBase } = await read(folder, 'main')

    expect(headers).toEqual([
      {
        revision: 'a',
        down_revision: null,
        branch_labels: null,
        depends_on: null,
        message: 'message of a ü',
        file: join(folder, 'versions', 'a_ä b.ts'),
      },
      {
        revision: 'b',
        down_revision: 'a',
        branch_labels: null,
        depends_on: null,
        message: 'message of b ü',
        file: join(folder, 'versions', 'b.ts'),
      },
    ])
    expect([found, mergeBase]).toEqual([base, base])
    expect(git(folder, 'status', '--porcelain')).toContain('b.ts')
  })

  it('tell where the branches parted', async () => {
    const folder = repositoryWith({ 'versions/a.ts': revision('a', null) })
    const fork = git(folder, 'rev-parse', 'HEAD').trim()
    git(folder, 'checkout', '-q', '-b', 'feature')
    commit(folder, { 'versions/c.ts': revision('c', 'a') })
    git(folder, 'checkout', '-q', 'main')
    const tip = commit(folder, { 'versions/b.ts': revision('b', 'a') })
    git(folder, 'checkout', '-q', 'feature')

    const found = await read(folder, 'main')

    expect(found).toMatchObject({ commit: tip, mergeBase: fork })
    expect(found.headers.map((header) => header.revision)).toEqual(['a', 'b'])
  })

  it('come from several locations, from below the top, and only from files that can be revisions', async () => {
    const folder = repositoryWith({
      'app/db/one/a.ts': revision('a', null),
      'app/db/one/a.js': revision('a', null),
      'app/db/one/types.d.ts': 'x',
      'app/db/one/README.md': 'x',
      'app/db/one/.hidden.ts': 'x',
      'app/db/one/sub/s.ts': revision('s', 'a'),
      'app/db/two/b.mjs': revision('b', 'a'),
      'versions/z.ts': revision('z', null),
    })
    const app = join(folder, 'app')
    const options = { versionLocations: [{ path: 'db/one', label: 'first' }, 'db/two', '/tmp'] }

    const flat = await read(app, 'HEAD', options)
    const deep = await read(app, 'HEAD', { ...options, recursiveVersionLocations: true })

    expect(flat.headers.map((header) => header.revision)).toEqual(['a', 'b'])
    expect(flat.headers[0]).toMatchObject({ branch_labels: ['first'], file: join(app, 'db', 'one', 'a.ts') })
    expect(deep.headers.map((header) => header.revision)).toEqual(['a', 's', 'b'])
  })

  it('are found through a link to the project, too', async () => {
    const folder = repositoryWith({ 'versions/a.ts': revision('a', null) })
    const link = join(folderWith(), 'link')
    symlinkSync(folder, link)

    expect((await read(link, 'HEAD')).headers.map((header) => header.revision)).toEqual(['a'])
  })

  it('are none where the location was not there yet', async () => {
    const folder = repositoryWith({ 'README.md': '' })
    commit(folder, { 'versions/a.ts': revision('a', null) })

    expect((await read(folder, 'HEAD~1')).headers).toEqual([])
  })

  it('whose header is not literal can be read as long as the file is the same here', async () => {
    const folder = repositoryWith({
      'package.json': '{ "type": "module" }',
      'versions/a.js': `const id = ['a'].join('')\nexport { id as revision }\nexport const down_revision = null\n`,
    })

    expect((await read(folder, 'HEAD')).headers.map((header) => header.revision)).toEqual(['a'])

    writeFiles(folder, { 'versions/a.js': revision('a', null) })
    expect(await failureOf(() => read(folder, 'HEAD'))).toMatchObject({
      code: 'REV_CHECK_UNREADABLE_AT_REF',
      details: { ref: 'HEAD', file: join(folder, 'versions', 'a.js') },
    })
  })
})

describe('what git cannot tell', () => {
  it('is said outside of a repository', async () => {
    const folder = folderWith({ 'versions/a.ts': revision('a', null) })

    expect(await failureOf(() => read(folder, 'main'))).toMatchObject({
      code: 'REV_CHECK_NOT_A_REPOSITORY',
      exit: 2,
      details: { directory: folder, reason: expect.stringContaining('not a git repository') },
    })
  })

  it('is said of a reference that does not exist, and none is ever taken for an option', async () => {
    const folder = repositoryWith({ 'versions/a.ts': revision('a', null) })

    for (const ref of ['nowhere', '--all', '-h', '--output=/tmp/x', '', 'a\0b', 'HEAD:versions', 'main; ls']) {
      expect(await failureOf(() => read(folder, ref))).toMatchObject({
        code: 'REV_CHECK_UNKNOWN_REF',
        details: { ref, shallow: false },
      })
    }
  })

  it('is said of a shallow clone, whether it lacks the reference or only the way to it', async () => {
    const origin = repositoryWith({ 'versions/a.ts': revision('a', null) })
    git(origin, 'checkout', '-q', '-b', 'feature')
    commit(origin, { 'versions/c.ts': revision('c', 'a') })
    git(origin, 'checkout', '-q', 'main')
    commit(origin, { 'versions/b.ts': revision('b', 'a') })
    const clone = folderWith()
    const url = pathToFileURL(origin).href
    git(clone, 'clone', '-q', '--depth', '1', '--branch', 'feature', url, '.')

    expect(await failureOf(() => read(clone, 'origin/main'))).toMatchObject({
      code: 'REV_CHECK_UNKNOWN_REF',
      details: { shallow: true },
    })

    git(clone, 'fetch', '-q', '--depth', '1', 'origin', 'main:refs/remotes/origin/main')
    expect(await failureOf(() => read(clone, 'origin/main'))).toMatchObject({ code: 'REV_CHECK_HISTORY_MISSING' })

    git(clone, 'fetch', '-q', '--unshallow', 'origin', 'main:refs/remotes/origin/main')
    expect((await read(clone, 'origin/main')).headers.map((header) => header.revision)).toEqual(['a', 'b'])
  })
})
