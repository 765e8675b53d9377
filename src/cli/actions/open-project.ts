import { resolve } from 'node:path'
import type { CommandContext } from '../../commands/context.ts'
import { openContext } from '../../commands/open-context.ts'
import type { RevisionGraph } from '../../graph/revision-graph.ts'
import { textsGiven } from '../given.ts'
import { createReporter } from '../reporter.ts'
import type { Invocation } from './action.ts'

/** A project as the options name it, with a reporter on the terminal. */
export interface Project {
  readonly context: CommandContext
  /** The down revisions of a revision; empty before the files are read. */
  downRevisions(revision: string): readonly string[]
}

/** Opens the project. Without `requireKnexfile`, a folder with nothing but revision files will do. */
export async function openProject(
  { given, terminal, signal }: Invocation,
  { requireKnexfile }: { readonly requireKnexfile: boolean },
): Promise<Project> {
  let graph: RevisionGraph | undefined
  const downRevisions = (revision: string): readonly string[] =>
    graph?.has(revision) ? graph.get(revision).downRevisions : []
  const reporting = { quiet: given.flag('quiet'), verbose: given.flag('verbose'), downRevisions }
  const envFile = given.flag('no-env-file') ? false : given.text('env-file')
  const context = await openContext({
    ...textsGiven(given, 'knexfile', 'env', 'client', 'connection'),
    ...(envFile === undefined ? {} : { envFile }),
    cwd: resolve(terminal.cwd, given.text('cwd') ?? ''),
    environment: terminal.environment,
    report: terminal.logLines?.reporter(reporting) ?? createReporter(terminal, reporting),
    signal,
    requireKnexfile,
  })
  const scripts = async () => {
    const read = await context.scripts()
    graph = read.graph
    return read
  }
  return { context: { ...context, scripts }, downRevisions }
}
