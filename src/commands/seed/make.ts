import { RevError } from '../../errors/index.ts'
import { isDirectory } from '../../script/is-directory.ts'
import { runPostWriteHooks } from '../../script/post-write-hooks.ts'
import { readSeeds } from '../../seed/files/read-seeds.ts'
import { writeSeed } from '../../seed/files/write-seed.ts'
import type { CommandContext } from '../context.ts'

export interface SeedMakeOptions {
  /** The name of the seed, and of its file. */
  readonly name: string
  /** Name of a template. Default: by the kind of project. */
  readonly template?: string
}

export interface SeedMakeResult {
  readonly command: 'seed make'
  readonly seed: string
  readonly file: string
}

/** Writes a new seed file and runs the post-write hooks. Throws REV_FILE_*; a hook that fails leaves the file. */
export async function seedMake(context: CommandContext, options: SeedMakeOptions): Promise<SeedMakeResult> {
  const { settings, directory } = context
  const { name, template } = options
  const locations = settings.seedLocations.filter(isDirectory)
  const other = (await readSeeds(locations, directory)).get(name)
  if (other?.seed.file !== undefined) throw new RevError('REV_FILE_ALREADY_EXISTS', { file: other.seed.file })
  const file = await writeSeed({ settings, directory, name, template, now: context.now() })
  await runPostWriteHooks(settings, file, directory)
  return { command: 'seed make', seed: name, file }
}
