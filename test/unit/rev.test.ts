import createKnex from 'knex'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRev, type RevisionModuleObject } from '../../src/index.ts'
import { createTempProject, tempDirectory } from '../support/temp-project.ts'

const inMemory = () => ({ client: 'better-sqlite3', connection: { filename: ':memory:' }, useNullAsDefault: true })

const createsItem: RevisionModuleObject = {
  revision: 'a1',
  down_revision: null,
  upgrade: (knex) => knex.schema.createTable('item', (table) => table.integer('id')),
  downgrade: (knex) => knex.schema.dropTable('item'),
}

describe('a rev of a program', () => {
  it('opens its project anew after it could not be read', async () => {
    const project = createTempProject()
    const rev = createRev({ directory: project.path })
    await expect(rev.heads()).rejects.toMatchObject({ code: 'REV_CONFIG_KNEXFILE_NOT_FOUND' })

    project.write('knexfile.mjs', `export default { client: 'better-sqlite3' }`)
    project.revision({ revision: 'a1' })

    expect((await rev.heads()).revisions.map(({ revision }) => revision)).toEqual(['a1'])
  })

  it('reads files that were written since the last call', async () => {
    const project = createTempProject()
    project.revision({ revision: 'a1' })
    const rev = createRev({ directory: project.path, config: inMemory() })
    expect((await rev.heads()).revisions).toHaveLength(1)

    project.revision({ revision: 'b1' })

    expect((await rev.heads()).revisions).toHaveLength(2)
  })

  it('keeps a database in memory until it is closed, and begins with a new one after that', async () => {
    const rev = createRev({ config: inMemory(), revisions: [createsItem] })
    await rev.upgrade({ target: 'head' })
    expect((await rev.current()).rows).toEqual(['a1'])

    await rev.close()
    await rev.close()

    expect((await rev.current()).rows).toEqual([])
    await rev.close()
  })

  it('closes what is still being opened', async () => {
    const rev = createRev({ config: inMemory(), revisions: [createsItem] })
    const pending = rev.heads()

    await rev.close()

    expect((await pending).revisions).toHaveLength(1)
    expect((await rev.current()).rows).toEqual([])
    await rev.close()
  })

  it.each(['of the instance', 'of the call'])('does nothing once the signal %s is aborted', async (whose) => {
    const aborted = AbortSignal.abort()
    const other = new AbortController().signal
    const [signal, ofCall] = whose === 'of the instance' ? [aborted, other] : [other, aborted]
    const rev = createRev({ config: inMemory(), revisions: [createsItem], signal })
    onTestFinished(() => rev.close())

    await expect(rev.upgrade({ target: 'head', signal: ofCall })).rejects.toMatchObject({ code: 'REV_INTERRUPTED' })
    await expect(rev.heads({ signal: ofCall })).rejects.toMatchObject({ code: 'REV_INTERRUPTED' })
  })

  it('goes on when its reporter throws', async () => {
    const heard: string[] = []
    const reporter = (event: { type: string }): void => {
      heard.push(event.type)
      throw new Error('the reporter is broken')
    }
    const rev = createRev({ config: inMemory(), revisions: [createsItem], reporter })
    onTestFinished(() => rev.close())

    expect((await rev.upgrade()).rows).toEqual(['a1'])

    expect(heard.filter((type) => type !== 'statement')).toEqual([
      'notice',
      'run:start',
      'step:start',
      'step:done',
      'run:done',
    ])
  })

  it('writes a script for the instance of Knex that was handed in, and leaves it open', async () => {
    const knex = createKnex(inMemory())
    onTestFinished(() => knex.destroy())
    const rev = createRev({ knex, revisions: [createsItem] })
    let script = ''

    const result = await rev.sql({
      direction: 'upgrade',
      target: 'head',
      write: (text) => {
        script += text
      },
    })
    await rev.close()

    expect(result).toMatchObject({ dialect: 'sqlite', from: [], rows: ['a1'], steps: 1 })
    expect(script).toContain('create table `item`')
    expect(await knex.raw('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('needs no database for what is only about the files', async () => {
    const rev = createRev({ directory: tempDirectory(), config: {}, revisions: [createsItem] })

    expect((await rev.history()).revisions).toHaveLength(1)
    await expect(rev.current()).rejects.toMatchObject({ code: 'REV_DATABASE_NOT_CONFIGURED' })
    await expect(rev.sql({ direction: 'upgrade', write: () => {} })).rejects.toMatchObject({
      code: 'REV_DATABASE_NOT_CONFIGURED',
    })
  })
})
