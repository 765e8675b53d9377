import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'

const CHUNK = 1 << 16

/**
 * Where a script stands until it is whole: a file, because its first lines depend on its last ones and because it may
 * be longer than the memory.
 */
export class ScriptSpool {
  readonly #file: string
  readonly #descriptor: number
  #isOpen = true
  /** Of what is in the file, in bytes. */
  #length = 0
  #pending = ''
  #pendingBytes = 0

  /** Creates the file, readable by its owner alone. */
  constructor(file: string) {
    this.#file = file
    this.#descriptor = openSync(file, 'wx+', 0o600)
  }

  write(text: string): void {
    this.#pending += text
    this.#pendingBytes += Buffer.byteLength(text, 'utf8')
    if (this.#pendingBytes >= CHUNK) this.#flush()
  }

  /** How much there is, for `cut`. */
  get length(): number {
    return this.#length + this.#pendingBytes
  }

  /** Takes back what was written after it had this length. */
  cut(length: number): void {
    this.#flush()
    this.#length = length
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

  /** Removes the file; may be called twice. */
  async remove(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    closeSync(this.#descriptor)
    await rm(this.#file, { force: true })
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending, 'utf8')
    this.#pending = ''
    this.#pendingBytes = 0
    this.#length += writeAll(this.#descriptor, bytes, this.#length)
  }

  *#chunks(): Generator<Buffer> {
    this.#flush()
    for (let at = 0; at < this.#length; ) {
      // What was cut is still in the file.
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, this.#length - at))
      const read = readSync(this.#descriptor, chunk, 0, chunk.length, at)
      if (read === 0) return
      at += read
      yield chunk.subarray(0, read)
    }
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
