// Reads Vitest's JSON reports of a folder: names what failed, so that the end of a long log tells it, and adds everything up
// into the one line that closes a run: "N passed, N failed".
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** So much of a failure's message: what was expected and what came, not its stack. */
const LINES = 12

const [folder = '.'] = process.argv.slice(2)
const sum = { passed: 0, failed: 0, skipped: 0 }

function tell(report, file, name, message) {
  const lines = stripVTControlCharacters(message ?? '').split('\n')
  console.log(`failed (${basename(report, '.json')}): ${relative(process.cwd(), file)} > ${name}`)
  for (const line of lines.slice(0, LINES)) console.log(`    ${line}`)
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  sum.passed += report.numPassedTests
  sum.failed += report.numFailedTests
  sum.skipped += report.numPendingTests + report.numTodoTests
  for (const file of report.testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) {
      // A file that could not be loaded has no tests to count.
      sum.failed += 1
      tell(name, file.name, 'the file', file.message)
    }
    for (const test of file.assertionResults.filter(({ status }) => status === 'failed')) {
      tell(name, file.name, test.fullName, test.failureMessages[0])
    }
  }
}
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`)
