import { entry } from './define.ts'

/** The knexfile, its environments and the settings under `rev`. */
export const configErrors = {
  REV_CONFIG_INVALID: entry<{ file?: string; problems: readonly string[] }>({
    exit: 2,
    message: ({ file, problems }) =>
      [`the settings under "rev"${file ? ` in ${file}` : ''} cannot be used:`, ...problems.map((p) => `  ${p}`)].join(
        '\n',
      ),
  }),
}
