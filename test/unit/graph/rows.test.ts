import { expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

//   abcd1 ── abcd2
const line = graph('abcd1; abcd2<-abcd1')

it('finds rows that no file knows, each once, in table order', () => {
  expect(line.unknownRows(['z', 'abcd2', 'abcd', 'z'])).toEqual(['z', 'abcd'])
  expect(line.unknownRows([])).toEqual([])
})

it('counts a row that is there twice once', () => {
  expect(line.planUpgrade(['abcd1', 'abcd1'], '+1').rows).toEqual(['abcd2'])
})

it('tells what rows say is applied', () => {
  expect(line.applied(['abcd2'])).toEqual(new Set(['abcd2', 'abcd1']))
  expect(line.applied([])).toEqual(new Set())
  expect(thrownBy(() => line.applied(['abcd'])).code).toBe('REV_GRAPH_UNKNOWN_ROW')
})
