import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import type { InlineConfig } from 'vitest/node'

const SECOND = 1000
const support = (file: string): string => fileURLToPath(new URL(`support/${file}`, import.meta.url))

/** One kind of test: its folder, how long one test may take, and what has to stand before the first one starts. */
const project = (name: string, seconds: number, globalSetup: string[] = [], more: InlineConfig = {}) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: seconds * SECOND,
    hookTimeout: seconds * SECOND,
    globalSetup: ['temporary-files.ts', ...globalSetup].map(support),
    ...more,
  },
})

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { alias: [{ find: /^.*\/platform\.cts$/, replacement: support('platform.cjs') }] },
  test: {
    server: { deps: { external: [/\/platform\.cjs$/] } },
    pool: 'forks',
    // Much of the time is spent waiting for servers and processes, so one worker fewer than cores would be too few on two.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project('unit', 20),
      project('property', 120),
      project('conformance', 120),
      project('integration', 60, ['servers.ts']),
      project('e2e', 180, ['servers.ts', 'build.ts']),
      project('package', 300, ['build.ts']),
      project('faults', 900, ['servers.ts', 'build.ts']),
      // Compares times, so each file of it has the machine to itself, after all others.
      project('cost', 180, ['build.ts'], { maxWorkers: 1, sequence: { groupOrder: 1 } }),
    ],
  },
})
