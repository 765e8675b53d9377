import { isRevError } from '../../errors/index.ts'
import { createModuleLoader } from '../../script/module-loader.ts'
import type { Notice } from '../../script/twins.ts'
import type { Seed } from '../graph/seed.ts'
import type { SeedProblem } from '../graph/seed-graph.ts'
import { type ListedSeedFile, listSeedFiles } from './list-seed-files.ts'
import { readSeedFile, type SeedScript } from './read-seed-file.ts'

/** Everything that the seed locations hold. */
export interface SeedFiles {
  /** In the natural order of the files. */
  readonly seeds: readonly Seed[]
  /** What is wrong with files that cannot be used. */
  readonly problems: readonly SeedProblem[]
  readonly notices: readonly Notice[]
  /** The first file of that name. */
  get(name: string): SeedScript | undefined
}

// Of a source and what was compiled from it beside it, the source.
const PREFERENCE = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

/** Reads the seed locations. Throws REV_SEED_LOCATION_MISSING. */
export async function readSeeds(locations: readonly string[], directory: string): Promise<SeedFiles> {
  const loader = createModuleLoader({ directory })
  const scripts: SeedScript[] = []
  const problems: SeedProblem[] = []
  const notices: Notice[] = []
  const { kept, twins } = withoutTwins(listSeedFiles(locations))
  for (const { file, used } of twins)
    notices.push({ code: 'REV_NOTICE_TWIN', message: `${used} and ${file} are twins by their name: the first is used` })
  for (const listed of kept) {
    try {
      const result = await readSeedFile(listed, loader)
      if ('script' in result) scripts.push(result.script)
      else if ('problems' in result) problems.push(...result.problems)
      else notices.push({ code: 'REV_NOTICE_NOT_A_SEED', message: result.ignored })
    } catch (error) {
      if (!isRevError(error)) throw error
      problems.push({ file: undefined, problem: error.message })
    }
  }
  return toSeedFiles(scripts, problems, notices)
}

/** Seeds with a way to each of them. */
export function toSeedFiles(
  scripts: readonly SeedScript[],
  problems: readonly SeedProblem[],
  notices: readonly Notice[],
): SeedFiles {
  const seeds = scripts.map(({ seed }) => seed)
  return { seeds, problems, notices, get: (name) => scripts.find(({ seed }) => seed.seed === name) }
}

function withoutTwins(listed: readonly ListedSeedFile[]): {
  kept: readonly ListedSeedFile[]
  twins: readonly { readonly file: string; readonly used: string }[]
} {
  const twins: { file: string; used: string }[] = []
  const rank = ({ extension }: ListedSeedFile): number => PREFERENCE.indexOf(extension)
  const kept = listed.filter((one) => {
    const place = one.file.slice(0, -one.extension.length)
    const better = listed.find(
      (other) =>
        one.kind === 'code' &&
        other.kind === 'code' &&
        other.file.slice(0, -other.extension.length) === place &&
        rank(other) < rank(one),
    )
    if (better !== undefined) twins.push({ file: one.file, used: better.file })
    return better === undefined
  })
  return { kept, twins }
}
