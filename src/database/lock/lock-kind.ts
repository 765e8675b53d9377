import type { LockHolder } from './lock-holder.ts'

/** One way of keeping two runs apart. Tries and answers at once; it never waits inside the server. */
export interface LockKind {
  tryTake(): Promise<boolean>
  /** Cheap enough to be asked before each step. */
  isHeld(): Promise<boolean>
  /** Who has it now; undefined when that cannot be found out. */
  findHolder(): Promise<LockHolder | undefined>
  /** False when the lock was not ours any more. */
  release(): Promise<boolean>
  /** Called before each statement of a revision; aborts `lost` when no more may be sent. Sends nothing itself. */
  watch?(): void
  /** Proves within the transaction of the version rows that the lock is ours until its end. Default: nothing to prove. */
  proveOwned?(): Promise<void>
  /** Is aborted, with the error as its reason, as soon as the lock is known to be lost. Default: never. */
  readonly lost?: AbortSignal
}
