import { passes } from "../../domain/commit/kinds/quality.ts";
import type { Tally } from "../../domain/commit/tally.ts";
import { driftFails } from "../../domain/drift/drift.ts";
import { attach } from "../../domain/gate/evidence/attach.ts";
import type { Report } from "../../domain/reports/report.ts";
import type { PipelineRow, StoreTx } from "../../ports.ts";
import type { Accepted } from "../commit/admit-reports.ts";
import type { Outcome } from "../commit/submission.ts";
import type { Policies } from "../gate/policies.ts";

/** Most runs that one answer names: those that started last. */
const MOST_NAMED = 20;

/**
 * A failure without a run_id counts for every run that was going on and for the one that ended last before: where these are
 * several, its answer names them. Nothing is read where there is no such failure.
 */
export async function tellAmbiguous(
  tx: StoreTx,
  policies: Policies,
  { accepted, outcomes, tally, pipelines }: AcceptedReports,
): Promise<void> {
  const failing = failingReports(tally);
  if (failing.size === 0) return;
  const failures = accepted.filter(({ submission }) => failing.has(submission.report));
  const spans = await tx.runSpans(
    failures.map(({ submission: { report } }) => {
      return { pipeline_id: pipelines.get(report.pipeline_name)!.pipeline_id, around: report.at };
    }),
  );
  failures.forEach(({ submission: { report }, index }, i) => {
    const { policy } = policies.of(report.pipeline_name);
    const ambiguous = attach(spans[i]!, report.at, policy)
      .failing.slice(-MOST_NAMED)
      .map(({ run_id }) => run_id);
    const outcome = outcomes[index]!;
    if (ambiguous.length < 2 || !outcome.accepted) return;
    outcomes[index] = { ...outcome, answer: { ...outcome.answer, ambiguous } };
  });
}

interface AcceptedReports {
  accepted: readonly Accepted[];
  outcomes: Outcome[];
  tally: Tally;
  pipelines: ReadonlyMap<string, PipelineRow>;
}

/** Loose reports (without a run) that failed. */
function failingReports({ checks, verdicts }: Tally): Set<Pick<Report, "pipeline_name" | "at">> {
  const failing = new Set<Pick<Report, "pipeline_name" | "at">>();
  for (const { entry, check, report } of checks) if (entry === null && passes(check) !== true) failing.add(report);
  for (const { entry, verdict, report } of verdicts) {
    if (entry === null && driftFails(verdict.verdict)) failing.add(report);
  }
  return failing;
}
