import { SluiceError } from "../../errors.ts";
import type { StoreTx } from "../../ports.ts";
import type { Outcome, Submission } from "./submission.ts";

export interface Accepted {
  submission: Submission;
  index: number;
}

export interface Admission {
  accepted: Accepted[];
  outcomes: Outcome[];
  /** Answers the reports that repeat an id of this very batch, once the first of them is answered. */
  settle(): Outcome[];
}

/** Sorts out what was sent before: the same id is accepted once, in this batch or ever. */
export async function admit(tx: StoreTx, batch: readonly Submission[], now: number): Promise<Admission> {
  const outcomes = new Array<Outcome>(batch.length);
  const firsts = new Map<string, number>();
  const repeats: { index: number; first: number }[] = [];
  batch.forEach(({ key }, index) => {
    if (key === null) return;
    const first = firsts.get(key.id_hash);
    if (first === undefined) firsts.set(key.id_hash, index);
    else if (batch[first]!.key!.content_hash === key.content_hash) repeats.push({ index, first });
    else outcomes[index] = { accepted: false, error: conflict() };
  });
  const known = await tx.admit(
    [...firsts.values()].map((index) => batch[index]!.key!),
    now,
  );

  const accepted: Accepted[] = [];
  const repeated = new Set(repeats.map(({ index }) => index));
  batch.forEach((submission, index) => {
    if (repeated.has(index) || outcomes[index] !== undefined) return;
    const before = submission.key === null ? undefined : known.get(submission.key.id_hash);
    if (before === undefined) accepted.push({ submission, index });
    else if (before.content_hash !== submission.key!.content_hash)
      outcomes[index] = { accepted: false, error: conflict() };
    else outcomes[index] = { accepted: true, duplicate: true, answer: before.answer };
  });
  const settle = () => {
    for (const { index, first } of repeats) {
      const outcome = outcomes[first]!;
      outcomes[index] = outcome.accepted ? { ...outcome, duplicate: true } : outcome;
    }
    return outcomes;
  };
  return { accepted, outcomes, settle };
}

function conflict(): SluiceError {
  return new SluiceError(
    "report_conflict",
    "id: it was used before for a report with other content; send a new id with a new report, or the same content again",
  );
}
