import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { unwritable } from '../script/temporary-folder.ts'
import type { ScriptFolder } from './script-folder.ts'

const CHUNK = 1 << 16
// Of a script in memory: nearly all are shorter, and need no file.
const MOST_KEPT = 4 << 20

/**
 * Where a script stands until it is whole, because its first lines depend on its last ones: in memory, and where it
 * grows long, in a file, which is created only then.
 */
export class ScriptSpool {
  readonly #folder: ScriptFolder
  readonly #name: string
  #file: { readonly path: string; readonly descriptor: number } | undefined
  /** How much of the script is in the file, in bytes. */
  #filed = 0
  /** What comes behind that, in bytes, and behind these as text. */
  #kept: Buffer[] = []
  #keptBytes = 0
  #pending = ''

  /** `name` is that of the file in the folder; it is readable by its owner alone. */
  constructor(folder: ScriptFolder, name: string) {
    this.#folder = folder
    this.#name = name
  }

  /** Throws REV_FILE_WRITE_FAILED, as whatever may have to write the file does. */
  write(text: string): void {
    this.#pending += text
    if (this.#pending.length >= CHUNK) this.#keep()
  }

  /** How much there is, for `cut`. */
  get length(): number {
    this.#keep()
    return this.#filed + this.#keptBytes
  }

  /** Takes back what was written after it had this length. */
  cut(length: number): void {
    this.#keep()
    if (length <= this.#filed) {
      this.#filed = length
      this.#forget()
      return
    }
    const left = Buffer.concat(this.#kept, length - this.#filed)
    this.#kept = [left]
    this.#keptBytes = left.length
  }

  /** Puts everything into a hash. */
  hashInto(hash: Hash): void {
    for (const chunk of this.#chunks()) hash.update(chunk)
  }

  /** Everything again, piece by piece, never cutting a character. */
  *read(): Generator<string> {
    const decoder = new TextDecoder()
    for (const chunk of this.#chunks()) yield decoder.decode(chunk, { stream: true })
  }

  /** Everything line by line, without the line ends. */
  *lines(): Generator<string> {
    let rest = ''
    for (const text of this.read()) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    if (rest !== '') yield rest
  }

  /** Removes the file, should there be one; may be called twice. */
  async remove(): Promise<void> {
    this.#forget()
    if (this.#file === undefined) return
    const { path, descriptor } = this.#file
    this.#file = undefined
    closeSync(descriptor)
    await rm(path, { force: true })
  }

  #keep(): void {
    if (this.#pending === '') return
    const bytes = Buffer.from(this.#pending, 'utf8')
    this.#pending = ''
    this.#kept.push(bytes)
    this.#keptBytes += bytes.length
    if (this.#keptBytes > MOST_KEPT) this.#toFile()
  }

  #toFile(): void {
    const path = this.#file?.path ?? this.#folder.file(this.#name)
    try {
      this.#file ??= { path, descriptor: openSync(path, 'wx+', 0o600) }
      this.#filed += writeAll(this.#file.descriptor, Buffer.concat(this.#kept), this.#filed)
    } catch (error) {
      throw unwritable(path, error)
    }
    this.#forget()
  }

  #forget(): void {
    this.#kept = []
    this.#keptBytes = 0
  }

  *#chunks(): Generator<Buffer> {
    this.#keep()
    for (let at = 0; this.#file !== undefined && at < this.#filed; ) {
      // What was cut is still in the file.
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, this.#filed - at))
      const read = readSync(this.#file.descriptor, chunk, 0, chunk.length, at)
      if (read === 0) return
      at += read
      yield chunk.subarray(0, read)
    }
    const kept = Buffer.concat(this.#kept)
    for (let at = 0; at < kept.length; at += CHUNK) yield kept.subarray(at, at + CHUNK)
  }
}

// A full disk may take a part of it.
function writeAll(descriptor: number, bytes: Buffer, position: number): number {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, position + at)
  return bytes.length
}

/** What a script hashes to, as its header says it. */
export function scriptHash(): Hash {
  return createHash('sha256')
}
