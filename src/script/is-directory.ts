import { statSync } from 'node:fs'

/** Whether a path leads to a directory; false for one that leads nowhere, or only to itself. */
export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
