import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const KNEXFILE = `export default { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, useNullAsDefault: true }\n`

function projectWithHistory(): TempProject & { git(...args: string[]): string } {
  const project = createTempProject({ files: { 'knexfile.js': KNEXFILE, '.gitignore': 'node_modules\n' } })
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
      cwd: project.path,
      encoding: 'utf8',
    })
  git('init', '--quiet', '--initial-branch=main')
  project.revision({ revision: 'aaaa0001', message: 'create users' })
  git('add', '.')
  git('commit', '--quiet', '-m', 'first')
  return { ...project, git }
}

describe('rev check', () => {
  it('accepts a single head and names it', async () => {
    const project = projectWithHistory()

    const result = await project.rev(['check'])

    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('aaaa0001') })
  })

  it('says no to two heads that no label keeps apart', async () => {
    //  aaaa0001 ──┬── bbbb0001
    //             └── cccc0001
    const project = projectWithHistory()
    project.revision({ revision: 'bbbb0001', down: 'aaaa0001' })
    project.revision({ revision: 'cccc0001', down: 'aaaa0001' })

    const result = await project.rev(['check', '--json'])

    expect(result.code).toBe(3)
    expect(result.stderr).toContain('rev merge bbbb0001 cccc0001')
    expect(JSON.parse(result.stdout)).toMatchObject({
      error: {
        code: 'REV_CHECK_SEVERAL_HEADS',
        details: { crowded: [{ heads: [{ revision: 'bbbb0001' }, { revision: 'cccc0001' }] }] },
      },
    })
  })

  it('accepts one head for each declared label', async () => {
    const project = projectWithHistory()
    project.revision({ revision: 'bbbb0001', down: 'aaaa0001' })
    project.revision({ revision: 'cccc0001', down: 'aaaa0001', labels: 'billing' })

    expect(await project.rev(['check'])).toMatchObject({ code: 0 })
  })

  it('says what a branch adds when its base has not moved', async () => {
    const project = projectWithHistory()
    project.git('checkout', '--quiet', '-b', 'feature')
    project.revision({ revision: 'bbbb0001', down: 'aaaa0001', message: 'add orders' })

    const result = await project.rev(['check', '--base', 'main', '--json'])

    expect(result).toMatchObject({ code: 0 })
    expect(JSON.parse(result.stdout)).toMatchObject({
      base: { ref: 'main', heads: ['aaaa0001'], added: [{ revision: 'bbbb0001' }] },
    })
  })

  it('names the down_revision to change when the base has moved on', async () => {
    //  main:     aaaa0001 ── dddd0001
    //  feature:  aaaa0001 ── bbbb0001 ── bbbb0002
    const project = projectWithHistory()
    project.git('checkout', '--quiet', '-b', 'feature')
    project.revision({ revision: 'bbbb0001', down: 'aaaa0001' })
    project.revision({ revision: 'bbbb0002', down: 'bbbb0001' })
    project.git('add', '.')
    project.git('commit', '--quiet', '-m', 'feature')
    project.git('checkout', '--quiet', 'main')
    project.revision({ revision: 'dddd0001', down: 'aaaa0001' })
    project.git('add', '.')
    project.git('commit', '--quiet', '-m', 'main moves on')
    project.git('checkout', '--quiet', 'feature')

    const result = await project.rev(['check', '--base', 'main', '--json'])

    expect(result.code).toBe(3)
    expect(result.stderr).toContain("down_revision = 'dddd0001'")
    expect(JSON.parse(result.stdout)).toMatchObject({
      error: {
        code: 'REV_CHECK_BASE_MOVED',
        details: { advice: [{ revision: 'bbbb0001', downRevisions: ['aaaa0001'], changeTo: ['dddd0001'] }] },
      },
    })
  })

  it('says the same after the two were merged in git', async () => {
    const project = projectWithHistory()
    project.revision({ revision: 'dddd0001', down: 'aaaa0001' })
    project.git('add', '.')
    project.git('commit', '--quiet', '-m', 'main moves on')
    project.git('checkout', '--quiet', '-b', 'feature')
    project.revision({ revision: 'bbbb0001', down: 'aaaa0001' })

    const result = await project.rev(['check', '--base', 'main'])

    expect(result.code).toBe(3)
    expect(result.stderr).toContain("in bbbb0001 write down_revision = 'dddd0001'")
  })

  it('does not blame a branch for heads that the base has by itself', async () => {
    const project = projectWithHistory()
    project.revision({ revision: 'dddd0001', down: 'aaaa0001' })
    project.revision({ revision: 'eeee0001', down: 'aaaa0001' })
    project.git('add', '.')
    project.git('commit', '--quiet', '-m', 'two heads')

    const result = await project.rev(['check', '--base', 'main'])

    expect(result).toMatchObject({ code: 3, stderr: expect.stringContaining('REV_CHECK_SEVERAL_HEADS') })
  })
})
