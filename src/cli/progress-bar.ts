const WIDTH = 24

/** How much of all is done, as a bar and in percent; never more than all, though rows may have come in between. */
export function progressBar(done: number, total: number): string {
  const share = total <= 0 ? 1 : Math.min(1, done / total)
  const full = Math.floor(share * WIDTH)
  return `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${Math.floor(share * 100)}%`
}
