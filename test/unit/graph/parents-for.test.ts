import { expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

//   a ──┬── b
//       └── c ── d
const fork = graph('a; b<-a label=left; c<-a; d<-c')

it('is the single head by default, and nothing for base or in an empty project', () => {
  expect(graph('a; b<-a').parentsFor([])).toEqual(['b'])
  expect(graph('').parentsFor([])).toEqual([])
  expect(fork.parentsFor(['base'])).toEqual([])
  expect(thrownBy(() => fork.parentsFor([]))).toMatchObject({
    code: 'REV_GRAPH_MULTIPLE_HEADS',
    details: { target: 'head', heads: ['b', 'd'] },
  })
})

it('takes several heads in the order they are named', () => {
  expect(fork.parentsFor(['d', 'left@head'])).toEqual(['d', 'b'])
  expect(fork.parentsFor(['heads'])).toEqual(['b', 'd'])
})

it('refuses a revision that something stands on, unless it is spliced', () => {
  expect(thrownBy(() => fork.parentsFor(['a']))).toMatchObject({
    code: 'REV_GRAPH_NOT_A_HEAD',
    details: { target: 'a', revision: 'a', children: ['b', 'c'] },
  })
  expect(fork.parentsFor(['a'], { splice: true })).toEqual(['a'])
})

it('refuses the same head twice', () => {
  expect(thrownBy(() => fork.parentsFor(['b', 'left']))).toMatchObject({
    code: 'REV_GRAPH_DUPLICATE_HEADS',
    details: { revision: 'b', targets: ['b', 'left'] },
  })
})
