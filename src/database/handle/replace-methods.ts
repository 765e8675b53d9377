/**
 * Replaces methods of one object of Knex. Never as `object.method = () => ...`: V8 takes a function that is written as the
 * value of a property for one that stays, and keeps it, with all that it can reach, until the next collection of the old
 * generation. Here that would be the whole step.
 */
export function replaceMethods<T extends object>(object: T, methods: Partial<T>): void {
  Object.assign(object, methods)
}
