import { isRevError, type RevError } from '../errors/index.ts'
import type { RevSettings } from '../settings.ts'
import { buildGraph } from './build-graph.ts'
import { listRevisionFiles } from './list-revision-files.ts'
import { applyLocationLabels } from './location-labels.ts'
import { createModuleLoader, type ModuleLoader } from './module-loader.ts'
import {
  currentChecksum,
  type ReadFile,
  type RevisionFile,
  readRevisionFile,
  recordedChecksum,
} from './read-revision-file.ts'
import type { RevisionScripts } from './revision-script.ts'
import { createRevisionScripts, type RevisionOrigin } from './revision-scripts.ts'
import { settleFiles } from './twins.ts'

export interface ReadRevisionScriptsOptions {
  /** The project's folder, for the loader. */
  readonly directory: string
}

/**
 * Reads all version locations. The graph comes from the texts of the files; one is run only when its header is not
 * literal, or later, when the revision itself is to run. Throws REV_FILE_LOCATION_MISSING, or one REV_GRAPH_INVALID with
 * every fault of the files and of the graph.
 */
export async function readRevisionScripts(
  settings: Pick<RevSettings, 'versionLocations' | 'recursiveVersionLocations'>,
  options: ReadRevisionScriptsOptions,
): Promise<RevisionScripts> {
  const loader = createModuleLoader({ directory: options.directory })
  const unreadable: RevError[] = []
  const read: ReadFile[] = []
  for (const listed of listRevisionFiles(settings)) {
    try {
      read.push(readRevisionFile(listed))
    } catch (error) {
      if (!isRevError(error)) throw error
      unreadable.push(error)
    }
  }
  const { files, unusable, notices } = await settleFiles(read, loader)
  const { headers, errors } = applyLocationLabels(files)
  const graph = buildGraph(headers, {
    errors: [...unreadable, ...unusable.map(({ error }) => error), ...errors],
    lostIds: new Set(unusable.flatMap(({ file }) => possibleIds(file))),
  })
  return createRevisionScripts(
    graph,
    files.map((file) => toOrigin(file, loader)),
    { notices, directories: settings.versionLocations.map(({ path }) => path) },
  )
}

function toOrigin(read: RevisionFile, loader: ModuleLoader): RevisionOrigin {
  const { file, header, comment, exports } = read
  return {
    revision: header.revision,
    file,
    name: file,
    description: comment.description,
    exports,
    load: () => loader.load(file),
    checksum: () => currentChecksum(read),
    recordedChecksum: () => recordedChecksum(read),
  }
}

// The id of a file that cannot be used: what its text says, or what its name begins with.
function possibleIds({ scanned, stem }: ReadFile): string[] {
  const said = scanned?.revision
  return [...(typeof said === 'string' ? [said] : []), stem, stem.slice(0, Math.max(stem.indexOf('_'), 0))]
}
