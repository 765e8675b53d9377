/** Words that people bring along from other tools, with rev's own for the same wish. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  migrate: 'upgrade head',
  up: 'upgrade +1',
  latest: 'upgrade head',
  deploy: 'upgrade head',
  apply: 'upgrade head',
  down: 'downgrade -1',
  rollback: 'downgrade -1',
  undo: 'downgrade -1',
  revert: 'downgrade -1',
  create: 'revision -m "message"',
  generate: 'revision -m "message"',
  make: 'revision -m "message"',
  new: 'revision -m "message"',
  fake: 'stamp head',
  list: 'status',
  pending: 'upgrade head --plan',
  head: 'heads',
  branch: 'branches',
  templates: 'list-templates',
}

/** What an unknown command was probably meant to be; undefined when nothing is near. */
export async function suggestCommand(word: string, names: readonly string[]): Promise<string | undefined> {
  const lower = word.toLowerCase()
  return Object.hasOwn(OTHER_WORDS, lower) ? OTHER_WORDS[lower] : nearest(lower, names)
}

/** The candidate that a mistyped word is nearest to; undefined when none is near enough to be meant. */
export async function nearest(word: string, candidates: readonly string[]): Promise<string | undefined> {
  // Most runs have no typing mistake, so they need not load what measures one.
  const { nearName } = await import('../script/near-name.ts')
  return nearName(word, candidates)
}
