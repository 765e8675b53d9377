/** One way of keeping two runs apart. Tries and answers at once; it never waits inside the server. */
export interface LockKind {
  tryTake(): Promise<boolean>
  /** Cheap enough to be asked before each step. */
  isHeld(): Promise<boolean>
  /** Who has it now, in words; undefined when that cannot be found out. */
  findHolder(): Promise<string | undefined>
  /** False when the lock was not ours any more. */
  release(): Promise<boolean>
}
