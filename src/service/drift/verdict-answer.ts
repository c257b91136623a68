import type { FeatureVerdict } from "../../domain/drift/drift.ts";
import type { TestedBy } from "../../domain/drift/drift-verdict.ts";
import { rowsNeeded } from "../../domain/drift/stats/planning/rows-needed.ts";
import type { WindowVerdict } from "../../domain/drift/window-verdict.ts";
import type { RejectedPart } from "../../domain/reports/report.ts";
import { formatTime } from "../../domain/words/time.ts";
import type { ErroredAnswer, VerdictAnswer } from "../../ports.ts";

export function verdictAnswer(judged: FeatureVerdict): VerdictAnswer {
  const { verdict, psi, threshold, p_value, critical_psi, n_reference, n_current, measures, bins, rebin_error } =
    judged;
  return {
    verdict,
    psi,
    threshold,
    p_value,
    critical_psi,
    n_reference,
    n_current,
    reference_version: judged.reference?.version ?? null,
    measures,
    bins,
    ...(rebin_error === undefined ? {} : { rebin_error }),
    ...(verdict === "inconclusive" ? { rows_needed: rowsNeeded(judged) } : {}),
    ...(judged.tested === undefined ? {} : testedAnswer(judged.tested)),
    ...(judged.mismatch === undefined ? {} : { code: "reference_mismatch", detail: judged.mismatch.detail }),
  };
}

export function testedAnswer({ decided_by, held_back_by, detail }: Omit<TestedBy, "new_names">) {
  return {
    decided_by: [...decided_by],
    ...(held_back_by === null ? {} : { held_back_by }),
    ...(detail === null ? {} : { detail }),
  };
}

/** Sorted by name. Each feature was judged by itself or in its window. */
export function featuresAnswer(
  feature_names: readonly string[],
  judged: readonly FeatureVerdict[],
  inWindows: readonly WindowVerdict[],
): Record<string, VerdictAnswer> {
  const answers = new Map(judged.map((one) => [one.feature_name, verdictAnswer(one)]));
  for (const one of inWindows) answers.set(one.verdict.feature_name, windowAnswer(one));
  // fromEntries defines even `__proto__` as a field of its own.
  return Object.fromEntries(feature_names.map((name) => [name, answers.get(name)!]));
}

/** Adds the features that could not be read to those that were judged. */
export function withErrored(
  features: Record<string, VerdictAnswer>,
  rejected: readonly RejectedPart[],
): Record<string, VerdictAnswer | ErroredAnswer> {
  if (rejected.length === 0) return features;
  const errored = rejected.map(({ item, code, detail }) => [item, { verdict: "errored", code, detail }] as const);
  return Object.fromEntries<VerdictAnswer | ErroredAnswer>([...errored, ...Object.entries(features)]);
}

function windowAnswer({ verdict, start, end, judged }: WindowVerdict): VerdictAnswer {
  return { ...verdictAnswer(verdict), window: { start: formatTime(start), end: formatTime(end), judged } };
}
