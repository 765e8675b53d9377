/** Compares names as people count: `2_users` before `10_jobs`. Otherwise by code unit, the same on every machine. */
export function naturalOrder(one: string, other: string): number {
  let at = 0
  let there = 0
  while (at < one.length && there < other.length) {
    const [number, another] = [numberAt(one, at), numberAt(other, there)]
    const isCounted = number !== '' && another !== ''
    const order = isCounted ? compareNumbers(number, another) : compareText(one.charAt(at), other.charAt(there))
    if (order !== 0) return order
    at += isCounted ? number.length : 1
    there += isCounted ? another.length : 1
  }
  return one.length - at - (other.length - there) || compareText(one, other)
}

function numberAt(text: string, at: number): string {
  let end = at
  while (/\d/.test(text.charAt(end))) end += 1
  return text.slice(at, end)
}

function compareNumbers(one: string, other: string): number {
  const [a, b] = [one.replace(/^0+(?=\d)/, ''), other.replace(/^0+(?=\d)/, '')]
  return a.length - b.length || compareText(a, b)
}

function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
