import type { Attempt } from "./attempts.ts";

/** The attempt, try and time that a piece of evidence states; `at` in milliseconds. */
export interface SaidPlace {
  attempt: number | null;
  try: number | null;
  at: number;
}

/** The attempt and try that evidence belongs to: of two reports about one item the greater (attempt, try) counts. */
export interface EvidencePlace {
  attempt_no: number;
  try_no: number;
}

/**
 * The attempt and the try of a piece of evidence. A number that a run report states is that attempt (1 only where a higher
 * one is stated too), with its parts told apart by time; any other number above 1 is a try, unless the evidence states a try.
 * Everything else is placed by time: in the attempt during which it was true, or in the first one where it was true before that.
 */
export function placeOfEvidence(attempts: readonly Attempt[], { attempt, try: said, at }: SaidPlace): EvidencePlace {
  const numbered = attempt === null ? [] : attempts.filter(({ number }) => number === attempt);
  if (numbered.length > 0) return { attempt_no: during(numbered, at), try_no: said ?? 1 };
  return { attempt_no: during(attempts, at), try_no: said ?? attempt ?? 1 };
}

/** The greatest attempt that had begun by then: a later time never belongs to an earlier attempt. */
function during(attempts: readonly Attempt[], at: number): number {
  return (attempts.findLast(({ from }) => from <= at) ?? attempts[0])?.ordinal ?? 1;
}

/** Whether all evidence keeps its place. The start of the first attempt does not matter: earlier evidence belongs to it anyway. */
export function samePlaces(a: readonly Attempt[], b: readonly Attempt[]): boolean {
  const [one, other] = [a.length === 0 ? NONE : a, b.length === 0 ? NONE : b];
  return (
    one.length === other.length &&
    one.every(({ ordinal, number, from }, i) => {
      const known = other[i]!;
      return ordinal === known.ordinal && number === known.number && (i === 0 || from === known.from);
    })
  );
}

/** A run without a run report has one attempt. */
const NONE: readonly Pick<Attempt, "ordinal" | "number" | "from">[] = [{ ordinal: 1, number: null, from: 0 }];

/** The first attempt whose evidence counts: the last one, in order, that does not resume the one before. */
export function speakingFrom(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.findLast(({ resumes }, i) => i === 0 || !resumes);
}
