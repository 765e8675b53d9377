import type { RevisionHeader } from '../../src/graph/revision.ts'
import { RevisionGraph } from '../../src/graph/revision-graph.ts'

/**
 * A graph as one line of text, revisions in load order: `a; b<-a; c<-a,b label=x,y dep=b`. Each revision is an id, then
 * its down revisions behind `<-`, then labels and dependencies.
 */
export function headersOf(text: string): RevisionHeader[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(toHeader)
}

/** The same, built. */
export function graph(text: string): RevisionGraph {
  return RevisionGraph.from(headersOf(text))
}

function toHeader(part: string): RevisionHeader {
  const [place = '', ...options] = part.split(/\s+/)
  const [revision = '', down] = place.split('<-')
  const optionOf = (name: string): string[] =>
    options.flatMap((option) => (option.startsWith(`${name}=`) ? option.slice(name.length + 1).split(',') : []))
  const known = options.every((option) => /^(label|dep|file)=/.test(option))
  if (!known) throw new Error(`"${part}" is not a revision of a graph text`)
  const [file] = optionOf('file')
  return {
    revision,
    down_revision: down === undefined ? null : down.split(','),
    branch_labels: optionOf('label'),
    depends_on: optionOf('dep'),
    ...(file === undefined ? {} : { file }),
  }
}
