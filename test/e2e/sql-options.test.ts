import { chmodSync, existsSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

function project(client = 'better-sqlite3'): TempProject {
  const created = createTempProject({
    files: { 'knexfile.js': `export default { client: '${client}', connection: {}, useNullAsDefault: true }\n` },
  })
  const table = (name: string) => ({
    extension: 'js' as const,
    message: `create ${name}`,
    upgrade: `await knex.schema.createTable('${name}', (table) => table.increments('id'))`,
    downgrade: `await knex.schema.dropTable('${name}')`,
  })
  created.revision({ revision: 'aaa1', ...table('apples') })
  created.revision({ revision: 'bbb2', down: 'aaa1', ...table('pears') })
  return created
}

const namesIn = (at: TempProject, folder: string): string[] => readdirSync(`${at.path}/${folder}`).sort()

describe('--output', () => {
  it('writes the same bytes as standard output gets', async () => {
    const at = project()
    const { stdout } = await at.rev(['upgrade', '--sql', 'head'])
    const { code } = await at.rev(['upgrade', '--sql', 'head', '--output', 'deep/down/up.sql'])

    expect(code).toBe(0)
    expect(at.read('deep/down/up.sql')).toBe(stdout)
    expect(namesIn(at, 'deep/down')).toEqual(['up.sql'])
  })

  it('leaves a file as it is when the script does not come about, and gives nothing on standard output', async () => {
    const at = project()
    at.write('up.sql', 'the old one')
    at.revision({ revision: 'ccc3', down: 'bbb2', extension: 'js', upgrade: "throw new Error('half way')" })
    const toFile = await at.rev(['upgrade', '--sql', 'head', '--output', 'up.sql'])
    const toOutput = await at.rev(['upgrade', '--sql', 'head'])

    expect(toFile.code).toBe(1)
    expect(toFile.stderr).toContain('REV_OFFLINE_FAILED')
    expect(at.read('up.sql')).toBe('the old one')
    expect(readdirSync(at.path).filter((name) => name.includes('part'))).toEqual([])
    expect(toOutput).toMatchObject({ code: 1, stdout: '' })
  })

  it('says which file cannot be written', async () => {
    const at = project()
    at.write('taken', '')
    const { code, stderr } = await at.rev(['upgrade', '--sql', 'head', '--output', 'taken/up.sql'])

    expect(code).toBe(1)
    expect(stderr).toContain('REV_FILE_WRITE_FAILED')
    expect(stderr).toContain('taken/up.sql')
  })
})

describe('a file that is there', () => {
  it.each(['knexfile.js', 'versions/', 'link.sql', 'dev.sqlite3'])(
    'is not replaced where it is none for SQL: %s',
    async (name) => {
      const at = project()
      const file = name === 'versions/' ? `${name}${namesIn(at, name)[0]}` : name
      symlinkSync('knexfile.js', `${at.path}/link.sql`)
      at.write('dev.sqlite3', 'SQLite format 3\0 and pages')
      const before = at.read(file)
      const { code, stderr } = await at.rev(['upgrade', '--sql', 'head', '--output', file])

      expect(code).toBe(1)
      expect(stderr).toContain('REV_FILE_WRITE_FAILED')
      expect(at.read(file)).toBe(before)
    },
  )

  it('keeps who may read it: a script may hold what is not for everybody', async () => {
    const at = project()
    at.write('up.sql', '')
    chmodSync(`${at.path}/up.sql`, 0o600)
    expect((await at.rev(['upgrade', '--sql', 'head', '--output', 'up.sql'])).code).toBe(0)
    expect(statSync(`${at.path}/up.sql`).mode & 0o777).toBe(0o600)
  })

  it('is replaced where it is empty, or a script', async () => {
    const at = project()
    at.write('up.sql', '')
    for (const target of ['aaa1', 'head'])
      expect((await at.rev(['upgrade', '--sql', target, '--output', 'up.sql'])).code).toBe(0)
    expect(at.read('up.sql')).toContain('upgrade base -> bbb2')
  })
})

describe('what is said of files', () => {
  it.each<[string, string[], string]>([
    ['one script', ['upgrade', '--sql', 'head'], 'wrote 2 steps to $/up.sql\n'],
    ['a script without steps', ['ensure-version', '--sql'], 'wrote the script to $/up.sql\n'],
    ['several', ['upgrade', '--sql', 'head', '--with-rollback'], 'wrote 2 steps to\n  $/up.sql\n  $/up.rollback.sql\n'],
  ])('names %s', async (_title, args, said) => {
    const at = project()
    const { stdout } = await at.rev([...args, '--output', 'up.sql'])
    expect(stdout).toBe(said.replaceAll('$', at.path))
  })
})

describe('--split', () => {
  it('writes a script with a guard of its own for each revision, numbered', async () => {
    const at = project()
    const { code, stdout } = await at.rev(['upgrade', '--sql', 'head', '--split', '--output', 'release'])

    expect(code).toBe(0)
    expect(namesIn(at, 'release')).toEqual(['001_aaa1_create_apples.sql', '002_bbb2_create_pears.sql'])
    expect(stdout).toContain('002_bbb2_create_pears.sql')
    expect(at.read('release/002_bbb2_create_pears.sql')).toContain('-- upgrade aaa1 -> bbb2,')
    expect(at.read('release/002_bbb2_create_pears.sql')).toContain('create table `pears`')
    expect(at.read('release/002_bbb2_create_pears.sql')).not.toContain('create table `apples`')
  })

  it('refuses a folder with scripts that would be run together with these, and leaves it as it is', async () => {
    const at = project()
    at.write('release/003_old.sql', 'drop table apples')
    const { code, stderr } = await at.rev(['upgrade', '--sql', 'head', '--split', '--output', 'release'])

    expect(code).toBe(2)
    expect(stderr).toContain('REV_OFFLINE_FOLDER_NOT_EMPTY')
    expect(stderr).toContain('"003_old.sql"')
    expect(namesIn(at, 'release')).toEqual(['003_old.sql'])
  })

  it('writes over what it wrote before', async () => {
    const at = project()
    const args = ['upgrade', '--sql', 'head', '--split', '--output', 'release']
    await at.rev(args)

    expect((await at.rev(args)).code).toBe(0)
    expect(namesIn(at, 'release')).toHaveLength(2)
  })

  it('numbers the script that has nothing to do, too', async () => {
    const at = project()
    const args = ['upgrade', '--sql', 'head:head', '--split', '--output', 'release']
    const { code, stdout } = await at.rev(args)

    expect(code).toBe(0)
    expect(namesIn(at, 'release')).toEqual(['001_nothing_to_do.sql'])
    expect(stdout).toContain('release/001_nothing_to_do.sql')
  })

  it('refuses a file in the place of the folder, and leaves it as it is', async () => {
    const at = project()
    at.write('release.sql', 'select 1')
    const { code, stderr } = await at.rev(['upgrade', '--sql', 'head', '--split', '--output', 'release.sql'])

    expect(code).toBe(1)
    expect(stderr).toMatch(
      /REV_FILE_WRITE_FAILED: .*release\.sql could not be written: it is no folder, and each revision/,
    )
    expect(at.read('release.sql')).toBe('select 1')
  })

  it('needs --output', async () => {
    expect(await project().rev(['upgrade', '--sql', 'head', '--split'])).toMatchObject({ code: 2 })
  })
})

describe('--with-rollback', () => {
  it('writes the exact way back beside the script, which names it', async () => {
    const at = project()
    const { code } = await at.rev(['upgrade', '--sql', 'aaa1:head', '--with-rollback', '--output', 'r.sql'])

    expect(code).toBe(0)
    expect(at.read('r.sql')).toContain('-- way back: r.rollback.sql\n')
    expect(at.read('r.rollback.sql')).toContain('-- downgrade bbb2 -> aaa1,')
    expect(at.read('r.rollback.sql')).toContain('drop table `pears`')
  })

  it('refuses before anything is written when there is no way back', async () => {
    const at = project()
    at.revision({
      revision: 'ccc3',
      down: 'bbb2',
      extension: 'js',
      downgrade: false,
      extra: "export const irreversible = 'drops a column'",
    })
    const { code, stderr } = await at.rev(['upgrade', '--sql', 'head', '--with-rollback', '--output', 'r.sql'])

    expect(code).toBe(1)
    expect(stderr).toContain('REV_IRREVERSIBLE')
    expect(existsSync(`${at.path}/r.sql`)).toBe(false)
  })

  it('takes the place of the way back of an earlier script, where there is nothing to do', async () => {
    const at = project()
    await at.rev(['upgrade', '--sql', 'aaa1:head', '--with-rollback', '--output', 'r.sql'])
    const { code, stdout, stderr } = await at.rev([
      'upgrade',
      '--sql',
      'head:aaa1',
      '--with-rollback',
      '--output',
      'r.sql',
    ])

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `wrote 0 steps to\n  ${at.path}/r.sql\n  ${at.path}/r.rollback.sql\n`,
    })
    expect(stderr).toBe('there is nothing to do for upgrade "head:aaa1" from bbb2: the script changes nothing\n')
    for (const file of ['r.sql', 'r.rollback.sql'])
      expect(at.read(file)).toContain('Nothing to do: this script changes nothing')
    expect(at.read('r.rollback.sql')).toContain('-- downgrade bbb2 -> bbb2,')
  })

  it('has no place beside a pipe or a device', async () => {
    const { code, stderr } = await project().rev(['upgrade', '--sql', '--with-rollback', '--output', '/dev/null'])

    expect(code).toBe(2)
    expect(stderr).toContain('"/dev/null"')
    expect(existsSync('/dev/null.rollback')).toBe(false)
  })
})

describe('--json', () => {
  it('holds the script, or the paths of what was written', async () => {
    const at = project()
    const inside = JSON.parse((await at.rev(['upgrade', '--sql', 'head', '--json'])).stdout)
    const outside = JSON.parse(
      (await at.rev(['upgrade', '--sql', 'head', '--json', '--with-rollback', '--output', 'r.sql'])).stdout,
    )

    expect(inside).toMatchObject({ command: 'sql', direction: 'upgrade', from: [], rows: ['bbb2'], steps: 2 })
    expect(inside.script).toContain('create table `pears`')
    expect(outside.files).toEqual([`${at.path}/r.sql`, `${at.path}/r.rollback.sql`])
    expect(outside).not.toHaveProperty('script')
  })
})

describe('--sql-client', () => {
  it.each([
    ['pg', /^\\/m],
    ['better-sqlite3', /^\./m],
    ['mysql2', /^DELIMITER/m],
  ])('generic leaves the commands of the client of %s out', async (client, command) => {
    const { code, stdout } = await project(client).rev(['upgrade', '--sql', 'head', '--sql-client', 'generic'])

    expect(code).toBe(0)
    expect(stdout).not.toMatch(command)
  })

  it('refuses one that is not of this database', async () => {
    const { code, stderr } = await project('pg').rev(['upgrade', '--sql', 'head', '--sql-client', 'sqlite3'])

    expect(code).toBe(2)
    expect(stderr).toContain('REV_OFFLINE_CLIENT')
    expect(stderr).toContain('--sql-client psql')
  })
})

describe('--no-guard', () => {
  it('leaves statements, version rows and events, and says so in the header', async () => {
    const { code, stdout } = await project('pg').rev(['upgrade', '--sql', 'head', '--no-guard'])

    expect(code).toBe(0)
    expect(stdout).toContain('-- NO GUARD:')
    expect(stdout).toContain('create table "pears"')
    expect(stdout).toContain(`UPDATE "rev_version" SET version_num = 'bbb2' WHERE version_num = 'aaa1'`)
    expect(stdout).toContain('INSERT INTO "rev_event"')
    expect(stdout).not.toMatch(/read_only|advisory|RAISE/)
  })
})

describe('--on-data-read', () => {
  it('comment ends the script before the revision, with a note; stop refuses it', async () => {
    const at = project()
    at.revision({ revision: 'ccc3', down: 'bbb2', extension: 'js', upgrade: "await knex('pears').first()" })
    const ended = await at.rev(['upgrade', '--sql', 'head', '--on-data-read=comment'])
    const refused = await at.rev(['upgrade', '--sql', 'head'])

    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain('ccc3')
    expect(ended.stdout).toContain('-- STOPS before ccc3')
    expect(ended.stdout).toContain('create table `pears`')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('--on-data-read=comment')
  })

  it.each([
    // Not "rev upgrade" alone, which would run everything after it, too.
    ['upgrade', 'head', 'upgrade ccc3'],
    ['downgrade', 'head:base', 'downgrade'],
  ])('comment says with which command to run it: %s', async (command, target, words) => {
    const at = project()
    const reads = "await knex('pears').first()"
    at.revision({ revision: 'ccc3', down: 'bbb2', extension: 'js', upgrade: reads, downgrade: reads })
    const { code, stdout, stderr } = await at.rev([command, '--sql', target, '--on-data-read=comment'])

    expect(code).toBe(0)
    expect(stderr).toContain(`the script ends before ccc3, which reads rows: run that one with rev ${words}\n`)
    expect(stdout).toContain(`revision ccc3 reads rows here; run it with rev ${words}"`)
  })

  it('comment in the way back beside a script names the way back', async () => {
    const at = project()
    const reads = "await knex('pears').first()"
    at.revision({ revision: 'ccc3', down: 'bbb2', extension: 'js', downgrade: reads })
    await at.rev(['upgrade', '--sql', 'head', '--on-data-read=comment', '--with-rollback', '--output', 'release.sql'])

    expect(at.read('release.rollback.sql')).toContain('revision ccc3 reads rows here; run it with rev downgrade')
  })

  it('knows two words', async () => {
    const { code, stderr } = await project().rev(['upgrade', '--sql', 'head', '--on-data-read', 'skip'])

    expect(code).toBe(2)
    expect(stderr).toContain('"skip"')
  })
})

describe('the offline function of a revision', () => {
  it('stands in for upgrade in a script', async () => {
    const at = project()
    at.revision({
      revision: 'ccc3',
      down: 'bbb2',
      extension: 'js',
      upgrade: "await knex('pears').first()",
      extra: "export async function offline(knex) {\n  await knex('pears').insert({ id: 7 })\n}",
    })
    const { code, stdout } = await at.rev(['upgrade', '--sql', 'head'])

    expect(code).toBe(0)
    expect(stdout).toContain('insert into `pears` (`id`) values (7.0)')
  })

  it('must be a function', async () => {
    const at = project()
    at.revision({ revision: 'ccc3', down: 'bbb2', extension: 'js', extra: "export const offline = 'yes'" })
    const { code, stderr } = await at.rev(['upgrade', '--sql', 'head'])

    expect(code).toBe(1)
    expect(stderr).toContain('"offline" must be a function')
  })
})

describe('where a script starts', () => {
  it('is asked of the database for current and for relative targets, without creating anything', async () => {
    const at = project()
    at.write(
      'knexfile.js',
      "export default { client: 'better-sqlite3', connection: { filename: './app.sqlite3' }, useNullAsDefault: true }\n",
    )
    const none = await at.rev(['upgrade', '--sql', 'current:head'])
    expect(none.stdout).toContain('-- upgrade base -> bbb2,')
    expect(existsSync(`${at.path}/app.sqlite3`)).toBe(false)

    await at.rev(['upgrade', 'aaa1'])
    expect((await at.rev(['upgrade', '--sql', 'current:head'])).stdout).toContain('-- upgrade aaa1 -> bbb2,')
    expect((await at.rev(['upgrade', '--sql', '+1'])).stdout).toContain('-- upgrade aaa1 -> bbb2,')
    expect((await at.rev(['downgrade', '--sql', '-1'])).stdout).toContain('-- downgrade aaa1 -> base,')
  })

  it('is named in the message when there is no database to ask', async () => {
    const at = project('pg')
    const { code, stderr } = await at.rev(['downgrade', '--sql', 'aaa1'])

    expect(code).toBe(2)
    expect(stderr).toContain('rev downgrade --sql head:aaa1')
  })

  it('may be several rows, partial ids and labels', async () => {
    const at = project()
    at.revision({ revision: 'ddd4', down: 'aaa1', labels: 'side', extension: 'js' })
    const { code, stdout } = await at.rev(['upgrade', '--sql', 'bb,side@head:heads'])

    expect(code).toBe(0)
    expect(stdout).toContain('-- upgrade bbb2, ddd4 -> bbb2, ddd4,')
    expect(stdout).toContain('-- Nothing to do: this script changes nothing.')
  })
})
