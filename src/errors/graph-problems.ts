/** One fault of a set of revisions, as listed in the details of REV_GRAPH_INVALID. */
export interface GraphProblem {
  /** A code of the REV_GRAPH_ or REV_FILE_ family; stable. */
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly revision?: string
  readonly file?: string
  /** What else is concerned, by the kind of problem: the ids of the cycle in order, the near matches, the other file. */
  readonly related?: readonly string[]
}

interface Place {
  readonly revision: string
  readonly file: string | undefined
}

const inFile = (file: string | undefined): string => (file === undefined ? '' : ` (${file})`)
const orNear = (near: readonly string[], otherwise: string): string =>
  near.length === 0 ? otherwise : `did you mean: ${near.join(', ')}`

function problem(
  code: string,
  { revision, file }: Place,
  text: { message: string; hint: string; related?: readonly string[] },
): GraphProblem {
  return { code, revision, ...(file === undefined ? {} : { file }), ...text }
}

/** The wording of every fault that a set of revisions can have. */
export const graphProblems = {
  idIsNotText: (is: string, file: string | undefined): GraphProblem => ({
    code: 'REV_FILE_INVALID_EXPORTS',
    ...(file === undefined ? {} : { file }),
    message: `"revision"${inFile(file)} must be a text, it is ${is}.`,
    hint: 'an id is a text, also where it has digits only: write it in quotes',
  }),
  notTexts: (place: Place, field: 'down_revision' | 'branch_labels' | 'depends_on', is: string) =>
    problem('REV_FILE_INVALID_EXPORTS', place, {
      message: `"${field}" of revision ${place.revision}${inFile(place.file)} must be a text, a list of texts or null, it is ${is}.`,
      hint: 'ids and labels are texts, also where they have digits only: write them in quotes',
    }),
  illegalId: (place: Place) =>
    problem('REV_FILE_ILLEGAL_ID', place, {
      message: `"${place.revision}"${inFile(place.file)} cannot be a revision id.`,
      hint: 'an id has 1 to 255 letters, digits, "_" or "."; change it in the file and wherever it is named',
    }),
  reservedId: (place: Place) =>
    problem('REV_FILE_ILLEGAL_ID', place, {
      message: `"${place.revision}"${inFile(place.file)} cannot be a revision id: the word has a meaning of its own in targets.`,
      hint: 'head, heads, base and current are reserved; choose another id',
    }),
  illegalLabel: (place: Place, label: string) =>
    problem('REV_GRAPH_ILLEGAL_LABEL', place, {
      message: `"${label}" cannot be a branch label, as revision ${place.revision}${inFile(place.file)} has it.`,
      hint: 'a label has 1 to 255 letters, digits, "_" or "."',
      related: [label],
    }),
  reservedLabel: (place: Place, label: string) =>
    problem('REV_GRAPH_ILLEGAL_LABEL', place, {
      message: `"${label}" cannot be a branch label, as revision ${place.revision}${inFile(place.file)} has it: the word has a meaning of its own in targets.`,
      hint: 'head, heads, base and current are reserved; choose another label',
      related: [label],
    }),
  duplicateId: (place: Place, otherFile: string | undefined) =>
    problem('REV_FILE_DUPLICATE_REVISION', place, {
      message: `revision "${place.revision}" is there twice${
        place.file === undefined || otherFile === undefined ? '' : `: in ${otherFile} and in ${place.file}`
      }.`,
      hint: 'give one of them another id, or delete one of the files',
      ...(otherFile === undefined ? {} : { related: [otherFile] }),
    }),
  caseClash: (place: Place, other: Place) =>
    problem('REV_GRAPH_CASE_CLASH', place, {
      message: `the ids "${other.revision}"${inFile(other.file)} and "${place.revision}"${inFile(place.file)} differ only in capital letters.`,
      hint: 'some file systems and databases cannot tell them apart; change one of them',
      related: [other.revision],
    }),
  duplicateLabel: (place: Place, label: string, other: Place) =>
    problem('REV_GRAPH_DUPLICATE_LABEL', place, {
      message:
        other.revision === label
          ? `branch label "${label}" of revision ${place.revision}${inFile(place.file)} is also the id of a revision${inFile(other.file)}.`
          : `branch label "${label}" of revision ${place.revision}${inFile(place.file)} is already used by revision ${other.revision}${inFile(other.file)}.`,
      hint: 'a label stands for one revision; rename one of them',
      related: [label, other.revision],
    }),
  missingDownRevision: (place: Place, missing: string, near: readonly string[]) =>
    problem('REV_GRAPH_MISSING_DOWN_REVISION', place, {
      message: `revision ${place.revision}${inFile(place.file)} names the down revision "${missing}", which does not exist.`,
      hint: orNear(near, 'is its file missing, or in a directory that is not read? Else correct down_revision'),
      related: [missing, ...near],
    }),
  missingDependency: (place: Place, missing: string, near: readonly string[]) =>
    problem('REV_GRAPH_MISSING_DEPENDENCY', place, {
      message: `revision ${place.revision}${inFile(place.file)} depends on "${missing}", which is neither a revision nor a branch label.`,
      hint: orNear(near, 'is its file missing, or in a directory that is not read? Else correct depends_on'),
      related: [missing, ...near],
    }),
  cycle: (places: readonly Place[]) =>
    cycleProblem('REV_GRAPH_CYCLE', places, 'down_revision', 'the down revisions go round in a circle'),
  dependencyCycle: (places: readonly Place[]) =>
    cycleProblem(
      'REV_GRAPH_DEPENDENCY_CYCLE',
      places,
      'depends_on',
      'down revisions and dependencies go round in a circle',
    ),
}

function cycleProblem(code: string, places: readonly Place[], field: string, what: string): GraphProblem {
  const first = places[0] ?? { revision: '', file: undefined }
  const ids = places.map(({ revision }) => revision)
  const files = places.flatMap(({ file }) => (file === undefined ? [] : [file]))
  return problem(code, first, {
    message: `${what}: ${drawn([...ids, first.revision])}${files.length === 0 ? '' : ` (${drawn(files, ', ')})`}.`,
    hint: `each one needs the one before it; take one of the arrows out, by changing ${field} in one of these revisions`,
    related: ids,
  })
}

/** A long cycle is drawn by its two ends. */
function drawn(words: readonly string[], arrow = ' -> '): string {
  if (words.length <= 24) return words.join(arrow)
  return [...words.slice(0, 12), `(${words.length - 23} more)`, ...words.slice(-11)].join(arrow)
}
