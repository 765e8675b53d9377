import { execFile } from 'node:child_process'
import { RevError } from '../errors/index.ts'
import { hideUrlPasswords, reasonOf, systemCode } from './reason.ts'

/** How git ended and what it wrote. */
export interface GitAnswer {
  readonly ok: boolean
  readonly output: string
  /** The same, as it came. */
  readonly bytes: Buffer
  /** The first line of its complaint. */
  readonly complaint: string
}

/**
 * Asks git something in a folder; never through a shell. An answer that is not `ok` is for the caller to judge. Throws
 * REV_CHECK_NOT_A_REPOSITORY when there is no git at all.
 */
export async function askGit(folder: string, args: readonly string[], input = ''): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, encoding: 'buffer', maxBuffer: 1024 ** 3 } as const
    const child = execFile('git', [...args], options, (error, stdout, stderr) => {
      const code = systemCode(error)
      if (error && (code !== undefined || typeof error.code !== 'number')) {
        const reason = code === 'ENOENT' ? 'the program git is not installed' : reasonOf(error)
        reject(new RevError('REV_CHECK_NOT_A_REPOSITORY', { directory: folder, reason }, { cause: error }))
        return
      }
      const [complaint = ''] = hideUrlPasswords(stderr.toString('utf8').trim()).split('\n')
      resolve({ ok: error === null, output: stdout.toString('utf8'), bytes: stdout, complaint })
    })
    // git may be gone before it has read everything; its exit code tells.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}
