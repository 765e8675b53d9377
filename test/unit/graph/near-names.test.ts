import { expect, it } from 'vitest'
import { nearNames } from '../../../src/graph/near-names.ts'

const names = ['4f0c2a91d3be', '4f0c2a91d3bd', '77ab01c9de52', 'billing', 'Users']

it('finds the nearest names, whatever their capitals', () => {
  expect(nearNames('4f0c2a91d3bf', names)).toEqual(['4f0c2a91d3be', '4f0c2a91d3bd'])
  expect(nearNames('biling', names)).toEqual(['billing'])
  expect(nearNames('users', names)).toEqual(['Users'])
})

it('counts a shared beginning as near', () => {
  expect(nearNames('bill', names)).toEqual(['billing'])
})

it('counts two letters that changed places as one slip', () => {
  expect(nearNames('histroy', ['heads', 'history'])).toEqual(['history'])
  expect(nearNames('haed', ['head', 'base'])).toEqual(['head'])
  expect(nearNames('haedx', ['head'])).toEqual([])
  expect(nearNames('ba', ['ab', 'abab'])).toEqual(['ab'])
})

it('finds nothing when nothing is near', () => {
  expect(nearNames('nosuch', names)).toEqual([])
  expect(nearNames('x', names)).toEqual([])
  expect(nearNames('', names)).toEqual([])
})
