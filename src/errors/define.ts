/** Exit codes of the command line: 1 the work failed, 2 asked wrongly, 3 a check says no, 130/143 interrupted. */
export type ExitCode = 1 | 2 | 3 | 130 | 143

/**
 * How one kind of error speaks. `message` is a full sentence with the user's own words in double quotes; `hint` says
 * what to type or edit next. Both are pure functions of the details, so that all wording is read in one place.
 */
export interface ErrorEntry<D> {
  readonly exit: ExitCode
  message(details: D): string
  hint?(details: D): string | undefined
}

/** Declares one entry of the catalogue; only there to bind the type of the details. */
export function entry<D>(definition: ErrorEntry<D>): ErrorEntry<D> {
  return definition
}
