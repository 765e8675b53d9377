// What comes from files and databases may hold escape sequences that move the cursor, or marks that turn the reading
// direction round. On a terminal they could make one thing look like another, so they are shown instead of obeyed.
const UNSEEN = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/gu

/** Text for a terminal: line ends and tabs stay, every other control character is spelled out. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(UNSEEN, spellOut)
}

/** The same for one line: line ends and tabs are spelled out, too. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** JSON text in which the same characters are escapes; it means the same. */
export function printableJson(json: string): string {
  return json.replaceAll(UNSEEN, (character) => `\\u${hex(character, 4)}`)
}

function spellOut(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${hex(character, 2)}` : `\\u${hex(character, 4)}`
}

function hex(character: string, width: number): string {
  return character.charCodeAt(0).toString(16).padStart(width, '0')
}
