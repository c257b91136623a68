import type { DriftState } from "../../domain/drift/drift.ts";
import { histogramOnBins } from "../../domain/drift/histograms/counts-on-reference.ts";
import { judgeFeatures } from "../../domain/drift/judge-features.ts";
import { detectablePsi } from "../../domain/drift/stats/planning/detectable-psi.ts";
import { normalShift } from "../../domain/drift/stats/planning/normal-shift.ts";
import { rowsNeeded } from "../../domain/drift/stats/planning/rows-needed.ts";
import type { Distribution } from "../../histogram/distribution.ts";
import { total } from "../../histogram/total.ts";
import type { DriftRow, VerdictAnswer } from "../../ports.ts";
import { testedAnswer } from "./verdict-answer.ts";

/** A stored verdict, with bins for drawing and measures computed again from its stored counts. */
export interface ReadVerdict extends VerdictAnswer {
  feature_name: string;
  run_id: string | null;
  alpha: number;
  /** Milliseconds. */
  at: number;
  /** Least true PSI that a report of this size finds in four of five cases. */
  detectable_psi?: number;
  /** The same as a shift of a normal feature, in standard deviations; only of numbers. */
  detectable_shift?: number;
}

const NOTHING = { js_distance: null, hellinger: null, ks: null, chi_square_p: null };

export function readVerdict(row: DriftRow): ReadVerdict {
  const { feature_name, run_id, at, alpha, verdict, psi, threshold, p_value, critical_psi, n_reference, n_current } =
    row;
  const { measures, bins } = picture(row);
  const sizes = { critical_psi, threshold, n_reference, n_current };
  return {
    feature_name,
    run_id,
    at,
    verdict,
    psi,
    threshold,
    alpha,
    p_value,
    critical_psi,
    n_reference,
    n_current,
    reference_version: row.reference?.version ?? null,
    measures,
    bins,
    ...(verdict === "inconclusive" ? { rows_needed: rowsNeeded(sizes) } : {}),
    ...detectable(row, bins.length),
    ...(row.rebin_error === null ? {} : { rebin_error: row.rebin_error }),
    ...(row.tested === null ? {} : testedAnswer({ ...row.tested, detail: row.detail })),
    ...(verdict !== "errored" || row.detail === null ? {} : { code: "reference_mismatch", detail: row.detail }),
  };
}

function picture({
  feature_name,
  reference,
  counts,
  threshold,
  alpha,
  tested,
}: DriftRow): Pick<VerdictAnswer, "measures" | "bins"> {
  if (reference === null || counts === null) return { measures: NOTHING, bins: [] };
  const current = histogramOnBins(reference.histogram, counts, tested?.new_names);
  // New names were stored as they may be told.
  const settings = { threshold, alpha, show_values: true };
  const [judged] = judgeFeatures([{ feature_name, reference: reference.histogram, current, ...settings }]);
  return judged?.ok ? judged.verdict : { measures: NOTHING, bins: [] };
}

function detectable({ alpha, threshold, n_reference, n_current, reference }: DriftRow, bins: number) {
  const psi = detectablePsi({ bins, alpha, threshold, n_reference, n_current });
  if (psi === null) return {};
  const histogram = reference?.histogram;
  const shift =
    histogram === undefined || histogram.kind === "categorical" ? null : normalShift(psi, sharesOf(histogram));
  return { detectable_psi: psi, ...(shift === null ? {} : { detectable_shift: shift }) };
}

function sharesOf({ counts }: Distribution): number[] {
  const rows = total(counts);
  return Array.from(counts, (count) => count / rows);
}

const WORST_FIRST: readonly DriftState[] = ["drifted", "errored", "no_data", "inconclusive", "no_reference", "stable"];

/** Worst verdict first, then the greatest PSI as a multiple of its threshold. */
export function worstFirst(verdicts: readonly ReadVerdict[]): ReadVerdict[] {
  const rank = ({ verdict }: ReadVerdict) => WORST_FIRST.indexOf(verdict);
  const excess = ({ psi, threshold }: ReadVerdict) => (psi ?? -1) / threshold;
  return [...verdicts].sort(
    (a, b) => rank(a) - rank(b) || excess(b) - excess(a) || (a.feature_name < b.feature_name ? -1 : 1),
  );
}
