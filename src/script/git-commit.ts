import { askGit } from './git.ts'

/** The commit that is checked out in a folder, for the record; undefined outside of a repository or without git. */
export async function findCheckedOutCommit(directory: string): Promise<string | undefined> {
  try {
    const { ok, output } = await askGit(directory, ['rev-parse', '--verify', '--quiet', 'HEAD'])
    return ok ? output.trim() : undefined
  } catch {
    // A record without a commit is better than a run that needs git.
    return undefined
  }
}
