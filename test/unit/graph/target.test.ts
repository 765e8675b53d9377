import { describe, expect, it } from 'vitest'
import { parseHistoryRange, parseRange, parseRanges, parseTarget } from '../../../src/graph/target.ts'
import { thrownBy } from '../../support/thrown-by.ts'

describe('parseTarget', () => {
  it('takes a target apart', () => {
    expect(parseTarget('head')).toEqual({ text: 'head', branch: undefined, place: { at: 'head' }, steps: 0 })
    expect(parseTarget('0012')).toMatchObject({ place: { at: 'name', name: '0012' }, steps: 0 })
    expect(parseTarget('1e5')).toMatchObject({ place: { at: 'name', name: '1e5' } })
    expect(parseTarget('billing@base')).toMatchObject({ branch: 'billing', place: { at: 'base' } })
    expect(parseTarget('@head')).toMatchObject({ branch: undefined, place: { at: 'head' } })
    expect(parseTarget('+2')).toMatchObject({ place: undefined, steps: 2 })
    expect(parseTarget('billing@-3')).toMatchObject({ branch: 'billing', place: undefined, steps: -3 })
    expect(parseTarget('billing@head-1')).toMatchObject({ branch: 'billing', place: { at: 'head' }, steps: -1 })
    expect(parseTarget('current+1')).toMatchObject({ place: { at: 'current' }, steps: 1 })
    expect(parseTarget('ab+0').steps).toBe(0)
    expect(parseTarget('ab-0').steps).toBe(0)
  })

  it.each([
    '',
    '@',
    'billing@',
    '+1junk',
    '+',
    '-',
    '+0',
    '-0',
    'a-1-1',
    'a:b',
    ':',
    'a+1@head',
    '-99999999999999999999',
  ])('refuses "%s"', (text) => {
    expect(thrownBy(() => parseTarget(text))).toMatchObject({
      code: 'REV_GRAPH_BAD_TARGET',
      details: { target: text },
    })
  })
})

describe('parseRange', () => {
  it('splits start and target', () => {
    expect(parseRange('base:head')).toEqual({ start: 'base', target: 'head' })
    expect(parseRange('a,b:heads')).toEqual({ start: 'a,b', target: 'heads' })
    expect(parseRange('head')).toEqual({ start: undefined, target: 'head' })
  })

  it.each([':a', 'a:', 'a:b:c', ':'])('refuses "%s"', (text) => {
    expect(thrownBy(() => parseRange(text))).toMatchObject({ code: 'REV_GRAPH_BAD_RANGE', details: { range: text } })
  })

  it('refuses a target alone where a start is needed', () => {
    expect(thrownBy(() => parseRange('a', { needsStart: true })).code).toBe('REV_GRAPH_BAD_RANGE')
  })
})

describe('parseRanges', () => {
  it('takes several targets of one start', () => {
    expect(parseRanges(['a:b', 'a:c'])).toEqual({ start: 'a', targets: ['b', 'c'] })
    expect(parseRanges(['b', 'c'])).toEqual({ start: undefined, targets: ['b', 'c'] })
    expect(parseRanges([])).toEqual({ start: undefined, targets: [] })
  })

  it('refuses different starts', () => {
    expect(thrownBy(() => parseRanges(['a:b', 'x:c'])).code).toBe('REV_GRAPH_BAD_RANGE')
    expect(thrownBy(() => parseRanges(['a:b', 'c'])).code).toBe('REV_GRAPH_BAD_RANGE')
  })
})

describe('parseHistoryRange', () => {
  it('puts the ends of history where nothing is said', () => {
    expect(parseHistoryRange(':')).toEqual({ start: 'base', end: 'heads' })
    expect(parseHistoryRange('a:')).toEqual({ start: 'a', end: 'heads' })
    expect(parseHistoryRange(':b')).toEqual({ start: 'base', end: 'b' })
  })

  it.each(['a', '', 'a:b:c', '::'])('refuses "%s"', (text) => {
    expect(thrownBy(() => parseHistoryRange(text)).code).toBe('REV_GRAPH_BAD_RANGE')
  })
})
