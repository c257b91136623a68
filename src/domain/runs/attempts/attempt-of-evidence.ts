import type { Attempt } from "./attempts.ts";

/** What a piece of evidence says of its place in the run; `at` in milliseconds. */
export interface SaidPlace {
  attempt: number | null;
  try: number | null;
  at: number;
}

/** Where evidence stands: of two words on one thing the greater (attempt, try) speaks. */
export interface EvidencePlace {
  attempt_no: number;
  try_no: number;
}

/**
 * The attempt and the try of a piece of evidence. A number that a run report says is that attempt (1 only where a higher one
 * is said too), cut inside it by time; any other number above 1 is a try, unless the evidence says one. All else goes by time:
 * to the attempt during which it was true, and what was true before the first to the first.
 */
export function placeOfEvidence(attempts: readonly Attempt[], { attempt, try: said, at }: SaidPlace): EvidencePlace {
  const numbered = attempt === null ? [] : attempts.filter(({ number }) => number === attempt);
  if (numbered.length > 0) return { attempt_no: during(numbered, at), try_no: said ?? 1 };
  return { attempt_no: during(attempts, at), try_no: said ?? attempt ?? 1 };
}

/** The greatest that began by then, so that a later time is never of an earlier attempt. */
function during(attempts: readonly Attempt[], at: number): number {
  return (attempts.findLast(({ from }) => from <= at) ?? attempts[0])?.ordinal ?? 1;
}

/** Whether evidence stands where it stood. What was true before the first attempt belongs to it, so its start does not matter. */
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

/** A run of which no run report came is as one attempt. */
const NONE: readonly Pick<Attempt, "ordinal" | "number" | "from">[] = [{ ordinal: 1, number: null, from: 0 }];

/** The first attempt whose evidence speaks: the last one that begins anew, in the attempts' order. */
export function speakingFrom(attempts: readonly Attempt[]): Attempt | undefined {
  return attempts.findLast(({ resumes }, i) => i === 0 || !resumes);
}
