const back = { upgrade: 'applied', downgrade: 'reverted' } as const
const gone = { upgrade: 'reverted', downgrade: 'applied' } as const

/** What `rev repair` can do with a step that stopped half way, behind "look at the database; then". */
export function repairs(revision: string, direction: 'upgrade' | 'downgrade'): string {
  return [
    `rev repair ${revision} --rerun runs it from its beginning`,
    `--${back[direction]} --reason TEXT says that you have done the rest by hand`,
    `--${gone[direction]} --reason TEXT that you have undone what is there`,
  ].join(', ')
}
