// Knex decides on `hasColumn` of MySQL and SQLite in a function that knows the column and does not tell it.
const COMPARES_NAMES =
  /\bsome\b[\s\S]*\bthis\.client\.wrapIdentifier\(\s*\w+\.(?:Field|name)\.toLowerCase\(\)[\s\S]*\bthis\.client\.wrapIdentifier\(\s*\w+\.toLowerCase\(\)/

/**
 * The column that the function looks for, in lower case, when it is the one that Knex makes for `hasColumn`; undefined for
 * every other, which is not called.
 */
export function soughtColumn(output: unknown): string | undefined {
  if (typeof output !== 'function' || !COMPARES_NAMES.test(Function.prototype.toString.call(output))) return undefined
  const names: string[] = []
  const wrapIdentifier = (name: string): string => {
    names.push(name)
    return name
  }
  Reflect.apply(output, { client: { wrapIdentifier } }, [[{ Field: '', name: '' }]])
  return names[1]
}
