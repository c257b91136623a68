import { tallyDrift } from "../commit/kinds/drift.ts";
import type { Tally } from "../commit/tally.ts";
import { summarize } from "../runs/run.ts";
import type { RunEntry } from "../runs/runs-of-commit.ts";
import { atMost } from "../words/tolerance.ts";
import { type FeatureVerdict, type JudgeSettings, judgeHistograms } from "./drift.ts";
import type { WindowSpan } from "./window.ts";
import { histogramOfSum, rebinErrorOf, rowsOfSum, type WindowSum } from "./window-sum.ts";

/** A feature's window as one transaction sees it and changes it. */
export interface DriftWindow extends WindowSpan {
  feature_name: string;
  settings: JudgeSettings;
  sum: WindowSum;
  /** The run that the verdict belongs to: the latest that brought rows; null: all of them came without a run. */
  entry: RunEntry | null;
  /** Rows in it when the last verdict was given; null: none was. */
  judged_rows: number | null;
  closed: boolean;
}

export interface WindowVerdict extends WindowSpan {
  /** On the window so far. */
  verdict: FeatureVerdict;
  /** It was given: stored and counted. Else it says only how things stand. */
  judged: boolean;
}

/**
 * Judges windows of one pipeline that close at the same time, p-values adjusted over all of them, and tallies the verdicts
 * whose time has come.
 *
 * A window is judged twice at most: at the first report after which there are rows enough to tell, so that drift is known
 * before the window is over, and when it closes, if rows came since. Not at each report: every look at a stream that has not
 * changed is another chance of a false alarm. Simulated with 60 batches of 50 rows an hour in 10 bins (alpha 0.01, threshold
 * 0.2), an alarm is raised in 22 % of the hours where each batch is judged by itself, in 1 % where the sum is judged at each
 * batch, in 0.2 % like this.
 * Rows for a window that has closed are evidence that nobody has judged yet, so it is judged again, with each such report.
 *
 * A verdict is true as of the end of its window, or of now where that has not come.
 */
export function judgeWindows(
  tally: Tally,
  pipeline_name: string,
  windows: readonly DriftWindow[],
  now: number,
): WindowVerdict[] {
  const verdicts = judgeHistograms(
    windows.map(({ feature_name, settings, sum }) => {
      return { feature: { feature_name }, reference: sum.reference, settings, current: histogramOfSum(sum) };
    }),
  );
  return windows.map((window, i) => {
    const verdict = withRebinError(verdicts[i]!, window.sum);
    const judged = isTimeFor(verdict, window);
    if (judged) {
      const report = { pipeline_name, at: Math.min(window.end, now), attempt: null, try: null };
      tallyDrift(tally, report, [verdict], window.entry);
      window.judged_rows = rowsOfSum(window.sum);
    }
    return { start: window.start, end: window.end, verdict, judged };
  });
}

function isTimeFor({ critical_psi, threshold }: FeatureVerdict, { closed, judged_rows, sum }: DriftWindow): boolean {
  if (closed) return judged_rows === null || rowsOfSum(sum) > judged_rows;
  return judged_rows === null && critical_psi !== null && atMost(critical_psi, threshold);
}

function withRebinError(verdict: FeatureVerdict, sum: WindowSum): FeatureVerdict {
  const rebin_error = rebinErrorOf(sum);
  return rebin_error === null ? verdict : { ...verdict, rebin_error };
}

/** The greater run_order; on a tie the greater run_id, so that the order of arrival does not matter. Any run before none. */
export function laterRun(first: RunEntry | null, second: RunEntry | null): RunEntry | null {
  if (first === null || second === null) return first ?? second;
  const [a, b] = [summarize(first.run), summarize(second.run)];
  if (a.run_order !== b.run_order) return a.run_order > b.run_order ? first : second;
  return a.run_id >= b.run_id ? first : second;
}
