import type { FlagName, ListName, OptionName, TextName } from './options.ts'
import { shieldName, unshield } from './shield.ts'

/** The options of one command line, every value as it was typed. */
export interface Given {
  flag(name: FlagName): boolean
  /** Undefined when the option was not given; the empty text is a value. */
  text(name: TextName): string | undefined
  /** Empty when the option was not given. */
  list(name: ListName): readonly string[]
}

/** Reads the options as cac hands them over: camelCased, one value alone, several as an array. */
export function toGiven(parsed: Readonly<Record<string, unknown>>): Given {
  const valuesOf = (name: OptionName): unknown[] => [parsed[camelCase(shieldName(name))] ?? []].flat()
  const textsOf = (name: OptionName) =>
    valuesOf(name).flatMap((value) => (typeof value === 'string' ? [unshield(value)] : []))
  return {
    flag: (name) => valuesOf(name).includes(true),
    text: (name) => textsOf(name)[0],
    list: textsOf,
  }
}

/** The given texts under camelCase keys, without those that were not given: options for the layer below. */
export function textsGiven<N extends TextName>(given: Given, ...names: N[]): { [K in CamelCase<N>]?: string } {
  const entries = names.flatMap((name) => {
    const value = given.text(name)
    return value === undefined ? [] : [[camelCase(name), value]]
  })
  return Object.fromEntries(entries)
}

type CamelCase<N extends string> = N extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : N

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
