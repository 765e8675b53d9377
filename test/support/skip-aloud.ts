import type { TestContext } from 'vitest'

/** Leaves a test out and says why on the screen, where a count of skipped tests would hide it. */
export function skipAloud(context: TestContext, reason: string): never {
  console.error(`left out: ${context.task.name}: ${reason}`)
  return context.skip(reason)
}
