import { expect, it } from 'vitest'
import type { ListedSeedFile } from '../../../src/seed/files/list-seed-files.ts'
import { compareSeedChecksums, seedChecksum } from '../../../src/seed/files/seed-checksum.ts'

const file = (kind: ListedSeedFile['kind'], extension: string): ListedSeedFile => ({
  file: `/s/a${extension}`,
  stem: 'a',
  extension,
  kind,
})
const [ts, js, csv, sql] = [file('code', '.ts'), file('code', '.js'), file('csv', '.csv'), file('sql', '.sql')]

it.each([
  ['same', seedChecksum('a;\n', ts), seedChecksum('a;\r\n', ts)],
  ['same', seedChecksum('a;', ts), seedChecksum('// b\na;', ts)],
  ['edited', seedChecksum('a;', ts), seedChecksum('b;', ts)],
  ['not-comparable', seedChecksum('a;', ts), seedChecksum('b;', js)],
  ['same', seedChecksum('a,b\n1,2', csv), seedChecksum('\uFEFFa,b\r\n1,2', csv)],
  ['edited', seedChecksum('a,b\n1,2', csv), seedChecksum('a,b\n1, 2', csv)],
  ['edited', seedChecksum('select 1', sql), seedChecksum('-- c\nselect 1', sql)],
  ['edited', seedChecksum('select 1', sql), seedChecksum('a;', ts)],
  ['not-comparable', undefined, seedChecksum('a;', ts)],
  ['not-comparable', 'something else', seedChecksum('a;', ts)],
])('a file is %s by its checksums', (comparison, before, now) => {
  expect(compareSeedChecksums(before, now)).toBe(comparison)
})
