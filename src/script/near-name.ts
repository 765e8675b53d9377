import { nearNames } from '../graph/near-names.ts'

/** The name that was probably meant; undefined when none is near enough to be worth saying. */
export function nearName(typed: string, names: readonly string[]): string | undefined {
  return nearNames(typed, names)[0]
}
