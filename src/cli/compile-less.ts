import { setFlagsFromString } from 'node:v8'

// What makes V8 wait longer before it has its last compiler look at a function, by the line of Node. The name has changed
// with V8, and a name that V8 does not know is an error on standard error, so other lines are left alone.
const FLAGS: Readonly<Record<string, string>> = {
  20: '--interrupt-budget=500000',
  22: '--invocation-count-for-turbofan=20000',
  24: '--invocation-count-for-turbofan=20000',
}

/**
 * For work of a second or two that goes through much code a few thousand times: most of what V8's last compiler would
 * make of it, beside the main thread, would come too late to pay. Longer work is compiled all the same, only later.
 */
export function compileLess(): void {
  const [line = ''] = process.versions.node.split('.')
  const flags = FLAGS[line]
  if (flags !== undefined) setFlagsFromString(flags)
}
