import type { FastifyRequest } from "fastify";
import type { ReportKind } from "../domain/report.ts";
import type { SluiceError } from "../errors.ts";
import { namedBy } from "../service/new-names/named-by.ts";
import type { NewNames } from "../service/new-names/new-names.ts";
import type { Outcome, Submission } from "../service/submission.ts";

export interface AdmitNamesDeps {
  names: NewNames;
  /** Told of each report that is refused before it gets to the store. */
  onRefused: (kind: ReportKind) => void;
}

/** For each submission what is wrong with the names in it; empty: nothing with any. */
export function admitNames(
  { caller }: FastifyRequest,
  submissions: readonly Submission[],
  { names, onRefused }: AdmitNamesDeps,
): (SluiceError | null)[] {
  const refusals =
    names.admit(
      caller.scope,
      submissions.map(({ report }) => namedBy(report)),
    ) ?? [];
  refusals.forEach((refusal, i) => {
    if (refusal !== null) onRefused(submissions[i]!.report.kind);
  });
  return refusals;
}

/** In the order of the submissions: what became of those that were let in, and why the others were not. */
export function withRefusals(outcomes: readonly Outcome[], refusals: readonly (SluiceError | null)[]): Outcome[] {
  const stored = outcomes[Symbol.iterator]();
  return refusals.map((error) => (error === null ? stored.next().value! : { accepted: false, error }));
}
