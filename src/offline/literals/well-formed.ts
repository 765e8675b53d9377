/** The text as it reaches a database: drivers turn half a surrogate pair into U+FFFD when they encode it as UTF-8. */
export function wellFormed(text: string): string {
  return /[\ud800-\udfff]/.test(text) && /\p{Surrogate}/u.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text
}

/** The bytes of a Buffer, a typed array or a DataView, as hex digits. */
export function toHex(bytes: ArrayBufferView): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
