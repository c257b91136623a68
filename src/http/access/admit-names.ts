import type { FastifyRequest } from "fastify";
import type { ReportKind } from "../../domain/reports/report.ts";
import type { SluiceError } from "../../errors.ts";
import { type Arrival, isSubmission, type Outcome } from "../../service/commit/submission.ts";
import { type Named, namedBy } from "../../service/new-names/named-by.ts";
import type { NewNames } from "../../service/new-names/new-names.ts";

export interface AdmitNamesDeps {
  names: NewNames;
  /** Told of each report that is refused before it gets to the store. */
  onRefused: (kind: ReportKind) => void;
}

const NO_NAMES: Named = { pipeline_name: "", kind: null, names: [] };

/** For each report what is wrong with the names in it; empty: nothing with any. One that is refused anyway brings no names. */
export function admitNames(
  { caller }: FastifyRequest,
  arrivals: readonly Arrival[],
  { names, onRefused }: AdmitNamesDeps,
): (SluiceError | null)[] {
  const refusals =
    names.admit(
      caller.scope,
      arrivals.map((arrival) => (isSubmission(arrival) ? namedBy(arrival.report) : NO_NAMES)),
    ) ?? [];
  refusals.forEach((refusal, i) => {
    const arrival = arrivals[i]!;
    if (refusal !== null && isSubmission(arrival)) onRefused(arrival.report.kind);
  });
  return refusals;
}

/** In the order of the reports: what became of those that were let in, and why the others were not. */
export function withRefusals(outcomes: readonly Outcome[], refusals: readonly (SluiceError | null)[]): Outcome[] {
  const stored = outcomes[Symbol.iterator]();
  return refusals.map((error) => (error === null ? stored.next().value! : { accepted: false, error }));
}
