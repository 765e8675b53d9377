import type { CommandContext } from './commands/context.ts'

/** What every method takes beside its own options. */
export interface MethodOptions {
  /** Ends this call alone, with REV_INTERRUPTED; the signal of the instance ends it as well. */
  readonly signal?: AbortSignal
}

/** Calls a command on the project of an instance. */
export type RunMethod = <O extends MethodOptions | undefined, R>(
  command: (context: CommandContext, options: O) => Promise<R>,
  given: O,
) => Promise<R>
