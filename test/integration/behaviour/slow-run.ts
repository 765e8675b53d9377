import type { UpgradeOptions, UpgradeResult } from '../../../src/commands/upgrade.ts'
import type { CreateRevOptions } from '../../../src/index.ts'
import { openRev } from '../../support/behaviour.ts'
import type { TestDatabase } from '../../support/databases.ts'

/** A promise and the function that fulfils it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** A run that is inside its only step, `aaa`, until `finish` is called. */
export async function slowRun(
  db: TestDatabase,
  options: UpgradeOptions = {},
  settings: CreateRevOptions = {},
): Promise<{ done: Promise<UpgradeResult>; finish: () => void }> {
  const inside = gate()
  const finish = gate()
  const rev = openRev(db, [], {
    ...settings,
    revisions: [
      {
        revision: 'aaa',
        down_revision: null,
        upgrade: async () => {
          inside.open()
          await finish.opened
        },
        downgrade: async () => {},
      },
    ],
  })
  const done = rev.upgrade(options)
  await Promise.race([inside.opened, done])
  return { done, finish: finish.open }
}
