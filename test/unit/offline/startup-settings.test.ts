import { expect, test } from 'vitest'
import { isRevError } from '../../../src/errors/index.ts'
import { optionsText, searchPathOf, setStatement, startupSettings } from '../../../src/offline/startup-settings.ts'

const written = (options: string): string[] => startupSettings({ connection: { options } }).map(setStatement)

test.each<[string, string[]]>([
  ['', []],
  ['-c search_path=foo', ['SET search_path = "foo"']],
  ['-csearch_path=Foo,"Bar,\\ Baz",$user', ['SET search_path = "foo", "Bar, Baz", "$user"']],
  ['--search-path=', [`SET search_path = ''`]],
  ['-c DateStyle=SQL,\\ DMY  --TimeZone=UTC', [`SET DateStyle = 'SQL, DMY'`, `SET TimeZone = 'UTC'`]],
  ["-c app.tenant=it\\'s", [`SET app.tenant = 'it''s'`]],
  ['-c work_mem=1MB -c WORK_MEM=2MB', [`SET WORK_MEM = '2MB'`]],
  // Those of a script are its own.
  ['-c lock_timeout=1 -c application_name=x -c client_encoding=LATIN1 -c standard_conforming_strings=on', []],
  // Only a proxy reads these.
  ['endpoint=ep-1 --cluster=shop-1', []],
])('%j', (options, statements) => {
  expect(written(options)).toEqual(statements)
})

test('are read wherever the driver reads them', () => {
  const path = 'postgres://u:p@h/db?options=-c%20search_path%3Dfoo'
  for (const connection of [path, { connectionString: path }, { connectionString: path, options: '-c a.b=c' }]) {
    expect(startupSettings({ connection })).toEqual([{ name: 'search_path', value: 'foo' }])
  }
  expect(startupSettings({ connection: () => ({ options: '-c a.b=c' }) })).toEqual([])
  expect(startupSettings({})).toEqual([])
})

test('can be sent to another server', () => {
  const options = '-c search_path=a,\\ "b\\\\c" -c TimeZone=UTC'
  const settings = startupSettings({ connection: { options } })
  expect(startupSettings({ connection: { options: optionsText(settings) } })).toEqual(settings)
})

test('give way to a search path of Knex', () => {
  const connection = { options: '-c search_path=foo,bar' }
  expect(searchPathOf({ connection })).toEqual(['foo', 'bar'])
  expect(searchPathOf({ connection, searchPath: ['baz'] })).toEqual(['baz'])
  expect(searchPathOf({ connection: {} })).toBeUndefined()
})

test.each([
  ['-e', '-e'],
  ['-c', '-c'],
  ['-c search_path', 'search_path'],
  ['-c search_path=a"b', 'search_path'],
  ['-c 1=2', '1'],
  ['-c app.secret=one two', 'two'],
  ['-c standard_conforming_strings=off', 'standard_conforming_strings'],
  ['-c default_transaction_read_only=on', 'default_transaction_read_only'],
])('%j is refused, without a value', (options, option) => {
  let thrown: unknown
  try {
    written(options)
  } catch (error) {
    thrown = error
  }
  if (!isRevError(thrown, 'REV_OFFLINE_CONNECTION_OPTIONS')) throw new Error(`it passes: ${String(thrown)}`)
  expect(thrown.details.option).toBe(option)
})
