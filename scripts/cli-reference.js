// Writes the command reference and the table of errors into README.md, between their markers, from what the command line
// itself knows. With --check it changes nothing and fails when README.md is out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createJiti } from 'jiti'

const jiti = createJiti(import.meta.url, { fsCache: false })
const { COMMANDS, usageOf } = await jiti.import('../src/cli/command-table.ts')
const { optionRow } = await jiti.import('../src/cli/help.ts')
const { GLOBAL_OPTIONS } = await jiti.import('../src/cli/options.ts')
const { catalogue } = await jiti.import('../src/errors/index.ts')

const readme = join(dirname(dirname(fileURLToPath(import.meta.url))), 'README.md')

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text) => `\`${text}\``

function optionsTable(names) {
  const rows = names.map(optionRow).map(([written, help]) => `| ${code(cell(written))} | ${cell(help)} |`)
  return ['| option | |', '| --- | --- |', ...rows]
}

function commandSection(command) {
  const { summary, description, options, examples, aliases, without = [] } = command
  const refused =
    without.length === 0
      ? ''
      : `Takes no ${without.map((name) => code(name.length === 1 ? `-${name}` : `--${name}`)).join(', ')}.`
  const same = aliases.map((alias) => `${code(`rev ${alias}`)} is the same.`)
  return [
    `#### ${code(usageOf(command))}`,
    '',
    [summary, description, ...same, refused].filter(Boolean).join(' '),
    `For example: ${examples.map(code).join(', ')}`,
    '',
    ...(options.length === 0 ? [] : [...optionsTable(options), '']),
  ]
}

function commands() {
  const rows = COMMANDS.map((command) => `| ${code(cell(usageOf(command)))} | ${cell(command.summary)} |`)
  return [
    '| command | |',
    '| --- | --- |',
    ...rows,
    '',
    'Options of every command; they may stand before the command, too:',
    '',
    ...optionsTable(GLOBAL_OPTIONS),
    '',
    ...COMMANDS.flatMap(commandSection),
  ]
}

/** Stands for any detail of an error, so that a message can be shown without one: `there is no command "…".` */
function anyDetail() {
  const sizes = { length: 2, size: 2 }
  const texts = ['join', 'toFixed', 'trim', 'replace', 'replaceAll', 'toString', 'toLowerCase']
  return new Proxy(() => {}, {
    apply: anyDetail,
    get: (_target, key) => {
      if (key === Symbol.toPrimitive) return (wanted) => (wanted === 'number' ? 2 : '…')
      if (key === Symbol.iterator) return () => [anyDetail()][Symbol.iterator]()
      if (key === 'map' || key === 'flatMap') return (convert) => [convert(anyDetail(), 0)].flat()
      if (texts.includes(key)) return () => '…'
      return sizes[key] ?? anyDetail()
    },
  })
}

/** Errors that choose their words by their details, and so have none without. */
const CHOSEN_WORDS = {
  REV_STEP_FAILED: 'upgrade or downgrade of "…" failed (…:…): …',
  REV_SEED_FAILED: 'seed "…", or the undo of it, failed (…:…): …',
  REV_SEED_ENVIRONMENT: '"…" (…) does not run in the environment "…": its environments are "…".',
  REV_SEED_PROTECTED:
    'the environment "…" is protected, and nothing that is marked development, test or demo ever runs there; nothing was run.',
  REV_SEED_NOT_NAMED:
    'the environment "…" is protected, where only seeds that are named run, and "…" are not; nothing was run.',
  REV_SEED_UNCONFIRMED: 'rev … removes rows from "…" (…), and nobody has agreed to it; nothing was changed.',
  REV_STEP_FORGOTTEN: '"…" returned while a statement was under way, or built one and never ran it (…:…)',
}

function firstLine(name, { message }) {
  const text = CHOSEN_WORDS[name] ?? String(message(anyDetail()))
  return text.split('\n')[0].replaceAll('undefined', '…').replace(/:$/, '')
}

function errors() {
  const rows = Object.entries(catalogue).map(
    ([name, entry]) => `| ${code(name)} | ${entry.exit} | ${cell(firstLine(name, entry))} |`,
  )
  return ['| code | exit code | says |', '| --- | --- | --- |', ...rows]
}

function between(text, name, lines) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`]
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from === -1 || to < from) throw new Error(`README.md has no ${start} ... ${end}`)
  return `${text.slice(0, from + start.length)}\n${lines.join('\n').trim()}\n${text.slice(to)}`
}

const before = readFileSync(readme, 'utf8')
const after = between(between(before, 'commands', commands()), 'errors', errors())
if (process.argv.includes('--check')) {
  if (after === before) console.log('README.md is up to date')
  else {
    console.error('README.md is out of date; run: npm run docs:cli')
    process.exitCode = 1
  }
} else writeFileSync(readme, after)
