import { styleText } from 'node:util'

/** Paints text for one stream; where the stream shows no colours, it gives the text back unchanged. */
export interface Style {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

const asIs = (text: string): string => text

/** Text without any colour. */
export const plainStyle: Style = { bold: asIs, dim: asIs, red: asIs, green: asIs, yellow: asIs, cyan: asIs }

// Whether the stream shows colours is decided below; Node's own decision would look at standard output only.
const painted =
  (format: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(format, text, { validateStream: false })

const colouredStyle: Style = {
  bold: painted('bold'),
  dim: painted('dim'),
  red: painted('red'),
  green: painted('green'),
  yellow: painted('yellow'),
  cyan: painted('cyan'),
}

/** What a stream tells of itself, as `tty.WriteStream` does. */
export interface Paintable {
  readonly isTTY?: boolean | undefined
  hasColors?(env?: object): boolean
}

/** The style of a stream: NO_COLOR stands over FORCE_COLOR, and that over what the stream is. */
export function styleFor(stream: Paintable, environment: NodeJS.ProcessEnv): Style {
  const { NO_COLOR: no = '', FORCE_COLOR: force } = environment
  if (no !== '') return plainStyle
  if (force !== undefined) return force === '0' || force === 'false' ? plainStyle : colouredStyle
  return stream.isTTY && (stream.hasColors?.(environment) ?? false) ? colouredStyle : plainStyle
}
