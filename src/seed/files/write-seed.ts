import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { RevError } from '../../errors/index.ts'
import { toCreateDate } from '../../script/create-date.ts'
import { defaultTemplate, detectProjectKind } from '../../script/project-kind.ts'
import { reasonOf, systemCode } from '../../script/reason.ts'
import { renderTemplate } from '../../script/template.ts'
import { findTemplate } from '../../script/template-list.ts'
import type { RevSettings } from '../../settings.ts'

/** A seed that is to become a file. */
export interface NewSeed {
  readonly settings: Pick<RevSettings, 'templatesDirectory' | 'timezone' | 'seedLocations'>
  /** The project's folder. */
  readonly directory: string
  readonly name: string
  /** Default: by the kind of project. */
  readonly template: string | undefined
  readonly now: Date
}

/**
 * Writes a new seed file from a template into the first seed location, which is made when it is missing. Nothing is ever
 * overwritten. Throws REV_USAGE_INVALID_VALUE for a name that no file can have, and REV_FILE_* errors.
 */
export async function writeSeed({ settings, directory, name, template, now }: NewSeed): Promise<string> {
  if (!/^[A-Za-z0-9_][\w.-]{0,199}$/.test(name) || /\.d$/.test(name)) {
    const expected = 'letters, digits, "_", "-" and ".", and begins with none of the last two'
    throw new RevError('REV_USAGE_INVALID_VALUE', { option: 'NAME', value: name, expected })
  }
  const [folder = join(directory, 'seeds')] = settings.seedLocations
  const kind = detectProjectKind(directory, existsSync(folder) ? folder : directory)
  const found = findTemplate(template ?? defaultTemplate(kind), 'seed', settings, kind)
  const text = await renderTemplate(found.file, { seed: name, create_date: toCreateDate(now, settings.timezone) })
  const file = join(folder, `${name}${found.extension}`)
  try {
    mkdirSync(folder, { recursive: true })
    const taken = readdirSync(folder).find((other) => stemOf(other) === name.toLowerCase())
    if (taken !== undefined) throw new RevError('REV_FILE_ALREADY_EXISTS', { file: join(folder, taken) })
    await writeFile(file, text, { flag: 'wx' })
  } catch (cause) {
    if (cause instanceof RevError) throw cause
    if (systemCode(cause) === 'EEXIST') throw new RevError('REV_FILE_ALREADY_EXISTS', { file }, { cause })
    throw new RevError('REV_FILE_WRITE_FAILED', { file, reason: reasonOf(cause) }, { cause })
  }
  return file
}

const stemOf = (name: string): string => name.slice(0, name.length - extname(name).length).toLowerCase()
