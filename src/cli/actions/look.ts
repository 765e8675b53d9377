import type { Look } from '../format/listings.ts'
import type { Invocation } from './action.ts'

/** How the listings of this command line are to look. */
export function lookOf({ given, terminal }: Invocation): Look {
  return { style: terminal.outStyle, long: given.flag('verbose'), columns: terminal.columns }
}
