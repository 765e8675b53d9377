import { expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

//   x ── y
//   a ── b (dep x)
const trees = graph('x; y<-x; a; b<-a dep=x')

it('adds the tips that rows imply by dependencies', () => {
  expect(trees.current(['b'])).toEqual(['x', 'b'])
  expect(trees.current(['b', 'y'])).toEqual(['y', 'b'])
  expect(trees.current([])).toEqual([])
})

it('refuses rows that no file knows', () => {
  expect(thrownBy(() => trees.current(['nosuch', 'b']))).toMatchObject({
    code: 'REV_GRAPH_UNKNOWN_ROW',
    details: { rows: ['nosuch'] },
  })
})
