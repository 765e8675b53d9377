/** Compares names as people count: `2_users` before `10_jobs`. Otherwise by code unit, the same on every machine. */
export function naturalOrder(one: string, other: string): number {
  const ones = partsOf(one)
  const others = partsOf(other)
  const shorter = Math.min(ones.length, others.length)
  for (let at = 0; at < shorter; at += 1) {
    const order = compareParts(ones[at] ?? '', others[at] ?? '')
    if (order !== 0) return order
  }
  return ones.length - others.length || compareText(one, other)
}

const partsOf = (text: string): string[] => text.match(/\d+|\D+/g) ?? []

function compareParts(one: string, other: string): number {
  if (!/^\d/.test(one) || !/^\d/.test(other)) return compareText(one, other)
  const [a, b] = [one.replace(/^0+(?=\d)/, ''), other.replace(/^0+(?=\d)/, '')]
  return a.length - b.length || compareText(a, b)
}

function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
