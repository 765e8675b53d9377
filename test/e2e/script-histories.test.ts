import { expect, test } from 'vitest'
import { eventsOf } from '../integration/offline/events.ts'
import { historyOf, middleOf } from '../integration/offline/histories/chapters.ts'
import { chaptersOf } from '../integration/offline/histories/index.ts'
import { portableChapter } from '../integration/offline/histories/portable.ts'
import { nativeDump } from '../integration/offline/native-dump.ts'
import { runScript } from '../integration/offline/run-script.ts'
import { describeEachDialect } from '../support/databases.ts'
import { createTempProject } from '../support/temp-project.ts'

describeEachDialect('years of revisions, by script and by rev itself', (db) => {
  test.each(chaptersOf(db.dialect))('%s', async (_title, chapter) => {
    const history = historyOf(chapter)
    expect(history.length).toBeGreaterThan(50)
    const project = createTempProject()
    project.write('knexfile.ts', `export default ${JSON.stringify(db.knexConfig())}\n`)
    // JavaScript, because most of the time would go into turning hundreds of files of TypeScript into it.
    for (const revision of history) project.revision({ ...revision, extension: 'js' })
    const rev = async (...args: string[]): Promise<string> => {
      const result = await project.rev(args)
      expect(result, result.stderr).toMatchObject({ code: 0 })
      return result.stdout
    }
    const shadow = db.dialect === 'sqlite' ? [] : ['--shadow-url', db.url()]
    const byScript = async (direction: string, range: string): Promise<void> =>
      runScript(db, await rev(direction, '--sql', ...shadow, range))
    const state = async () => ({ dump: nativeDump(db), rows: await db.knex()('rev_version').pluck('version_num') })

    await db.empty()
    await rev('upgrade', 'head')
    const up = await state()
    const upEvents = await eventsOf(db)
    await rev('downgrade', 'base')
    const down = await state()
    const events = await eventsOf(db)

    await db.empty()
    await byScript('upgrade', 'head')
    expect(await state()).toEqual(up)
    expect(await eventsOf(db)).toEqual(upEvents)
    await byScript('downgrade', 'head:base')
    expect(await state()).toEqual(down)
    expect(await eventsOf(db)).toEqual(events)

    // Once is enough for what the databases do not differ in.
    if (chapter !== portableChapter) return
    const middle = middleOf(chapter)
    await db.empty()
    await rev('upgrade', middle)
    await byScript('upgrade', `${middle}:head`)
    expect(await state()).toEqual(up)
    await byScript('downgrade', `head:${middle}`)
    await rev('downgrade', 'base')
    expect(await state()).toEqual(down)
  })
})
