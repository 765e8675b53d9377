// A process of its own: upgrades the database whose Knex configuration is its argument, and says how many steps it ran.
import { run } from '../../../src/database/run.ts'
import { open } from './open.ts'
import { upgradeTo } from './run-options.ts'
import { scriptsOf, threeTables } from './scripts.ts'

const knexConfig = JSON.parse(process.argv[2] ?? '{}')
const { steps } = await open({ knexConfig: () => knexConfig }, (database) =>
  run(database, upgradeTo(scriptsOf(threeTables()))),
)
console.log(steps.length)
