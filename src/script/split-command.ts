/**
 * Splits `code --wait "a b"` into words. Quotes of either kind hold a word together and a backslash takes the next
 * character as it is; nothing else of a shell is understood, and no shell is ever started. Undefined for an open quote.
 */
export function splitCommand(text: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '\\' && quote !== "'" && isEscapable(text.charAt(at + 1), quote)) {
      at += 1
      word = (word ?? '') + text.charAt(at)
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined
      else word = (word ?? '') + char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + char
    }
  }
  if (quote !== undefined) return undefined
  if (word !== undefined) words.push(word)
  return words
}

// Elsewhere a backslash is itself, so that C:\Programs\editor.exe keeps its own.
function isEscapable(next: string, quote: string | undefined): boolean {
  return next === '"' || next === '\\' || (quote === undefined && (next === "'" || next === ' '))
}
