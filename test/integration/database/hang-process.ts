// A process of its own: applies the first of three revisions to the database whose Knex configuration is its argument,
// and never comes back from the second.
import { run } from '../../../src/database/run.ts'
import { open } from './open.ts'
import { upgradeTo } from './run-options.ts'
import { scriptsOf, threeTables } from './scripts.ts'

const knexConfig = JSON.parse(process.argv[2] ?? '{}')
const keepAlive = setInterval(() => {}, 1_000)
const scripts = scriptsOf(
  threeTables().map((revision) =>
    revision.revision === 'b'
      ? {
          ...revision,
          upgrade: () => {
            console.log('hanging')
            return new Promise(() => {})
          },
        }
      : revision,
  ),
)
await open({ knexConfig: () => knexConfig }, (database) => run(database, upgradeTo(scripts)))
clearInterval(keepAlive)
