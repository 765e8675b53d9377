import { resolve } from 'node:path'
import type { CommandContext } from '../../commands/context.ts'
import { type OpenContextOptions, openContext } from '../../commands/open-context.ts'
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
  invocation: Invocation,
  { requireKnexfile }: { readonly requireKnexfile: boolean },
): Promise<Project> {
  const { given, terminal, signal } = invocation
  let graph: RevisionGraph | undefined
  const downRevisions = (revision: string): readonly string[] =>
    graph?.has(revision) ? graph.get(revision).downRevisions : []
  const { database: heading } = invocation
  const reporting = { quiet: given.flag('quiet'), verbose: given.flag('verbose'), heading, downRevisions }
  const { database = given.list('database')[0] } = invocation
  const context = await openContext({
    ...projectOptions(invocation),
    ...(database === undefined ? {} : { database }),
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

/** Where the project is, as the options say. */
export function projectOptions({ given, terminal }: Invocation): OpenContextOptions {
  const envFile = given.flag('no-env-file') ? false : given.text('env-file')
  return {
    ...textsGiven(given, 'knexfile', 'env', 'client', 'connection'),
    ...(envFile === undefined ? {} : { envFile }),
    cwd: resolve(terminal.cwd, given.text('cwd') ?? ''),
    environment: terminal.environment,
  }
}
