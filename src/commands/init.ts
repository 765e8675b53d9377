import { type InitReport, initProject } from '../script/init-project.ts'

/** Which folder to prepare, and how. */
export interface InitOptions {
  /** The folder that `directory` is relative to. */
  readonly cwd: string
  /** Where the project is. Default `cwd`; made when missing. */
  readonly directory?: string
  /** `typescript`, `javascript` or `commonjs`. Default: by the kind of project. */
  readonly template?: string
  /** Add the scripts to package.json; a function is asked when some are missing. Default false: only say which. */
  readonly scripts?: boolean | ((missing: readonly string[]) => Promise<boolean>)
}

/** What was written, and what is left to do. */
export interface InitResult extends InitReport {
  readonly command: 'init'
}

/** Prepares a folder for rev: a knexfile when there is none, and `versions/`. Overwrites nothing. */
export async function init(options: InitOptions): Promise<InitResult> {
  return { command: 'init', ...(await initProject(options)) }
}
