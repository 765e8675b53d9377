import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { RevError } from '../errors/index.ts'
import type { PostWriteHook, RevOptions, RevSettings, VersionLocation } from '../settings.ts'
import { parseDuration } from './duration.ts'
import { fileTemplateProblems } from './file-name.ts'
import { nearName } from './near-name.ts'
import { splitCommand } from './split-command.ts'

export const DEFAULT_VERSION_TABLE = 'rev_version'

const KEYS: Record<keyof RevOptions, true> = {
  versionLocations: true,
  recursiveVersionLocations: true,
  versionTable: true,
  schema: true,
  project: true,
  lockTimeout: true,
  tableLockTimeout: true,
  statementTimeout: true,
  lock: true,
  leaseTime: true,
  onFailure: true,
  templates: true,
  template: true,
  fileTemplate: true,
  timezone: true,
  truncateSlugLength: true,
  postWriteHooks: true,
  shadowUrl: true,
  role: true,
  seedLocations: true,
  protected: true,
  schemas: true,
}
// PostgreSQL cuts longer names off in silence; the longest suffix of a companion table is "_event".
const LONGEST_IDENTIFIER = 63
const LONGEST_VERSION_TABLE = LONGEST_IDENTIFIER - '_event'.length
const LONGEST_PROJECT = 200
const SHORTEST_LEASE_MS = 1_000
const LABEL = /^[A-Za-z0-9_.]{1,255}$/
const RESERVED_LABELS = ['head', 'heads', 'base', 'current']

/** Says what is wrong with one key; collected, never thrown one by one. */
type Complain = (key: string, problem: string) => void

/**
 * Checks what stands under `rev` and fills in the defaults; paths are resolved from `directory`. An absent or null key
 * is the default. Throws REV_CONFIG_INVALID with every fault at once.
 */
export function resolveSettings(
  options: RevOptions | undefined | null,
  { directory, file }: { directory: string; file?: string | undefined },
): RevSettings {
  const problems: string[] = []
  const complain: Complain = (key, problem) => problems.push(`${key}: ${problem}`)
  const raw = toRecord(options, problems)
  for (const key of Object.keys(raw).filter((name) => !Object.hasOwn(KEYS, name))) {
    const suggestion = nearName(key, Object.keys(KEYS))
    complain(key, `there is no such setting${suggestion ? `; did you mean "${suggestion}"?` : ''}`)
  }
  const settings: RevSettings = {
    versionLocations: versionLocations(raw.versionLocations ?? 'versions', directory, complain),
    recursiveVersionLocations: boolean(raw, 'recursiveVersionLocations', complain),
    versionTable: versionTable(raw, complain),
    schema: identifier(raw, 'schema', LONGEST_IDENTIFIER, complain),
    project: project(raw, complain),
    lockTimeoutMs: duration(raw.lockTimeout ?? 60_000, 'lockTimeout', complain),
    tableLockTimeoutMs: optionalDuration(raw, 'tableLockTimeout', complain),
    statementTimeoutMs: optionalDuration(raw, 'statementTimeout', complain),
    lock: lockKind(raw.lock ?? 'session', complain),
    leaseTimeMs: leaseTime(raw.leaseTime ?? 30_000, complain),
    onFailure: onFailure(raw.onFailure ?? 'stop', complain),
    templatesDirectory: templatesDirectory(text(raw, 'templates', complain), directory, complain),
    template: text(raw, 'template', complain),
    fileTemplate: fileTemplate(text(raw, 'fileTemplate', complain) ?? '%(rev)s_%(slug)s', complain),
    timezone: timezone(text(raw, 'timezone', complain) ?? 'UTC', complain),
    truncateSlugLength: slugLength(raw.truncateSlugLength ?? 40, complain),
    postWriteHooks: postWriteHooks(raw.postWriteHooks ?? [], directory, complain),
    shadowUrl: text(raw, 'shadowUrl', complain),
    role: identifier(raw, 'role', LONGEST_IDENTIFIER, complain),
    seedLocations: seedLocations(raw.seedLocations ?? 'seeds', directory, complain),
    protected: boolean(raw, 'protected', complain),
    schemas: schemas(raw, complain),
  }
  if (problems.length > 0) throw new RevError('REV_CONFIG_INVALID', { ...(file ? { file } : {}), problems })
  return settings
}

function toRecord(options: unknown, problems: string[]): Record<string, unknown> {
  if (options === undefined || options === null) return {}
  if (typeof options === 'object' && !Array.isArray(options)) return options as Record<string, unknown>
  problems.push(`rev: ${shown(options)} is not an object of settings`)
  return {}
}

function versionLocations(value: unknown, directory: string, complain: Complain): VersionLocation[] {
  const key = 'versionLocations'
  const entries = Array.isArray(value) ? value : [value]
  if (entries.length === 0) complain(key, 'it is empty; name at least one directory')
  const locations: VersionLocation[] = []
  for (const entry of entries as unknown[]) {
    const location = toLocation(entry, directory, complain)
    if (location === undefined) continue
    if (locations.some(({ path }) => path === location.path)) complain(key, `${location.path} is named twice`)
    if (location.label !== undefined && locations.some(({ label }) => label === location.label)) {
      complain(key, `the label "${location.label}" is given to two directories`)
    }
    locations.push(location)
  }
  return locations
}

function toLocation(entry: unknown, directory: string, complain: Complain): VersionLocation | undefined {
  const key = 'versionLocations'
  const { path, label, ...rest } = (typeof entry === 'object' && entry !== null ? entry : { path: entry }) as {
    path?: unknown
    label?: unknown
  }
  for (const name of Object.keys(rest)) complain(key, `"${name}" is not one of path, label`)
  if (!isText(path)) {
    complain(key, `${shown(entry)} is not a directory: write a path, or { path, label }`)
    return undefined
  }
  if (label === undefined || label === null) return { path: resolve(directory, path), label: undefined }
  if (typeof label !== 'string' || !LABEL.test(label) || RESERVED_LABELS.includes(label)) {
    complain(key, `${shown(label)} cannot be a label: use letters, digits, _ and ., and none of ${RESERVED_LABELS}`)
    return undefined
  }
  return { path: resolve(directory, path), label }
}

function seedLocations(value: unknown, directory: string, complain: Complain): string[] {
  const key = 'seedLocations'
  const entries: unknown[] = Array.isArray(value) ? value : [value]
  if (entries.length === 0) complain(key, 'it is empty; name at least one directory')
  const paths: string[] = []
  for (const entry of entries) {
    const path = isText(entry) ? resolve(directory, entry) : undefined
    if (path === undefined) complain(key, `${shown(entry)} is not a directory: write a path`)
    else if (paths.includes(path)) complain(key, `${path} is named twice`)
    else paths.push(path)
  }
  return paths
}

function schemas(raw: Record<string, unknown>, complain: Complain): string[] | undefined {
  const value = raw.schemas ?? undefined
  if (value === undefined) return undefined
  const entries: unknown[] = Array.isArray(value) ? value : [value]
  if (entries.length === 0) complain('schemas', 'it is empty; name at least one schema')
  const names = entries.flatMap(
    (entry) => identifier({ schemas: entry }, 'schemas', LONGEST_IDENTIFIER, complain) ?? [],
  )
  return [...new Set(names)]
}

function versionTable(raw: Record<string, unknown>, complain: Complain): string {
  const name = identifier(raw, 'versionTable', LONGEST_VERSION_TABLE, complain)
  if (name?.includes('.')) complain('versionTable', `"${name}" holds a dot; put the schema under "schema"`)
  return name ?? DEFAULT_VERSION_TABLE
}

function identifier(raw: Record<string, unknown>, key: string, longest: number, complain: Complain) {
  const name = text(raw, key, complain)
  const bytes = name === undefined ? 0 : Buffer.byteLength(name)
  if (bytes > longest) complain(key, `"${name}" is ${bytes} bytes long; at most ${longest} are kept by all databases`)
  // Knex would take it for the place of a value, also inside quotes.
  if (name?.includes('?')) complain(key, `"${name}" holds a question mark, which Knex takes for the place of a value`)
  return name
}

// It is compared by databases and clients of all kinds, and shown in their messages.
function project(raw: Record<string, unknown>, complain: Complain): string | undefined {
  const name = text(raw, 'project', complain)
  if (name === undefined) return undefined
  if (name.length > LONGEST_PROJECT) complain('project', `it is longer than ${LONGEST_PROJECT} characters`)
  if (name !== name.trim() || /[\p{C}\p{Zl}\p{Zp}]/u.test(name))
    complain('project', `${shown(name)} has a space at an end, or a character that cannot be seen`)
  return name
}

function duration(value: unknown, key: string, complain: Complain): number {
  const ms = parseDuration(value)
  if (ms === undefined) complain(key, `${shown(value)} is not a length of time: write 60000, "60s" or "5m"`)
  return ms ?? 0
}

function optionalDuration(raw: Record<string, unknown>, key: string, complain: Complain): number | undefined {
  const value = raw[key] ?? undefined
  return value === undefined ? undefined : duration(value, key, complain)
}

function lockKind(value: unknown, complain: Complain): 'session' | 'lease' {
  if (value !== 'session' && value !== 'lease') complain('lock', `${shown(value)} is neither "session" nor "lease"`)
  return value === 'lease' ? 'lease' : 'session'
}

function onFailure(value: unknown, complain: Complain): 'stop' | 'downgrade' {
  if (value !== 'stop' && value !== 'downgrade')
    complain('onFailure', `${shown(value)} is neither "stop" nor "downgrade"`)
  return value === 'downgrade' ? 'downgrade' : 'stop'
}

function leaseTime(value: unknown, complain: Complain): number {
  const ms = duration(value, 'leaseTime', complain)
  if (parseDuration(value) !== undefined && ms < SHORTEST_LEASE_MS)
    complain('leaseTime', `${shown(value)} is less than 1 s`)
  return ms
}

function templatesDirectory(value: string | undefined, directory: string, complain: Complain): string | undefined {
  const path = resolve(directory, value ?? 'templates')
  const exists = existsSync(path) && statSync(path).isDirectory()
  if (value !== undefined && !exists) complain('templates', `there is no folder ${path}`)
  return exists ? path : undefined
}

function fileTemplate(value: string, complain: Complain): string {
  for (const problem of fileTemplateProblems(value)) complain('fileTemplate', problem)
  return value
}

function timezone(value: string, complain: Complain): string {
  // Loading the zones takes longer than all the rest of the settings.
  if (value === 'UTC') return value
  try {
    new Intl.DateTimeFormat('en', { timeZone: value })
  } catch {
    complain('timezone', `"${value}" is not the name of a time zone, such as "UTC" or "Europe/Berlin"`)
  }
  return value
}

function slugLength(value: unknown, complain: Complain): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 200) return value
  complain('truncateSlugLength', `${shown(value)} is not a whole number from 1 to 200`)
  return 40
}

function postWriteHooks(value: unknown, directory: string, complain: Complain): PostWriteHook[] {
  if (!Array.isArray(value)) {
    complain('postWriteHooks', `${shown(value)} is not a list`)
    return []
  }
  return (value as unknown[]).flatMap((entry) => toHook(entry, directory, complain) ?? [])
}

function toHook(entry: unknown, directory: string, complain: Complain): PostWriteHook | undefined {
  const key = 'postWriteHooks'
  if (typeof entry === 'string') {
    const [command, ...args] = splitCommand(entry) ?? []
    if (command) return { name: command, command, args, cwd: undefined }
  } else if (typeof entry === 'object' && entry !== null) {
    const { name, command, args = [], cwd, ...rest } = entry as Record<string, unknown>
    for (const other of Object.keys(rest)) complain(key, `"${other}" is not one of name, command, args, cwd`)
    const goodNames = (name === undefined || isText(name)) && (cwd === undefined || isText(cwd))
    if (isText(command) && goodNames && Array.isArray(args) && args.every((arg) => typeof arg === 'string')) {
      return { name: name ?? command, command, args, cwd: cwd === undefined ? undefined : resolve(directory, cwd) }
    }
  }
  complain(key, `${shown(entry)} is not a program: write "prettier --write", or { command, args }`)
  return undefined
}

function boolean(raw: Record<string, unknown>, key: string, complain: Complain): boolean {
  const value = raw[key] ?? false
  if (typeof value !== 'boolean') complain(key, `${shown(value)} is neither true nor false`)
  return value === true
}

function text(raw: Record<string, unknown>, key: string, complain: Complain): string | undefined {
  const value = raw[key] ?? undefined
  if (value === undefined || isText(value)) return value
  complain(key, `${shown(value)} is not a text of at least one character`)
  return undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && !value.includes('\0')
}

function shown(value: unknown): string {
  return typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))
}
