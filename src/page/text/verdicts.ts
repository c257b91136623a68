import type { ShownVerdict } from "../api/types.ts";
import { apart } from "./apart.ts";
import { chance, count, figure, figureBeside, percent, plural } from "./numbers.ts";

/** The verdict in sentences, numbers included. */
export function verdictInWords(verdict: ShownVerdict): string {
  const { feature_name, psi, threshold, p_value, critical_psi, n_current, n_reference, alpha } = verdict;
  const name = apart(feature_name);
  const its = psi === null ? "its PSI" : `its PSI of ${figureBeside(psi, threshold)}`;
  switch (verdict.verdict) {
    case "drifted":
      if (isMoreThanPsi(verdict)) return `${name} has drifted, and not by chance: ${verdict.detail}.`;
      return `${name} has drifted: ${its} is above ${figure(threshold)}, and the chance of one this large with nothing changed is ${chance(p_value!)} (drift is less than ${chance(alpha)}).`;
    case "stable":
      return stableInWords(verdict, name, its);
    case "inconclusive":
      if (verdict.held_back_by === "rebin_error") return rebinnedInWords(verdict, name);
      return `Nobody can tell whether ${name} has drifted: with ${plural(n_current, "row")} against ${count(n_reference)} in the reference, chance alone reaches a PSI of ${figure(critical_psi!)}, which is above the threshold of ${figure(threshold)}.`;
    case "no_data":
      return `There is nothing to compare: ${n_current === 0 ? `no row of ${name} was reported` : "the reference has no rows"}.`;
    case "no_reference":
      return `There is no reference for ${name}, so nothing to compare with. PUT /v1/references stores one.`;
    case "errored":
      return `${name} does not fit its reference, so nothing could be compared: ${verdict.detail ?? "see the report"}. If the change is wanted, promote this run to be the reference.`;
  }
}

/** A test of single rows decided (alone or too), which a PSI does not show. */
function isMoreThanPsi({ decided_by = [], detail }: ShownVerdict): boolean {
  return detail !== undefined && decided_by.some((test) => test !== "psi");
}

function rebinnedInWords({ psi, threshold }: ShownVerdict, name: string): string {
  return `Nobody can tell whether ${name} has drifted: its rows were counted on bins of their own, and where the rows of cut bins lie decides whether its PSI is above ${figure(threshold)} (spread evenly it is ${figureBeside(psi!, threshold)}). Counts on the reference's bins tell.`;
}

/** Two limits, and stable is what passes only one of them, or neither: which one decided is said. */
function stableInWords({ psi, threshold, p_value, alpha }: ShownVerdict, name: string, its: string): string {
  const isLarge = psi !== null && psi > threshold + 1e-9;
  const isRare = p_value !== null && p_value < alpha;
  if (isLarge && isRare) {
    return `${name} is stable: ${its} is above ${figure(threshold)}, but a second test takes it for chance, as bins hold few rows.`;
  }
  if (isLarge) {
    return `${name} is stable: ${its} is above ${figure(threshold)}, but that may be chance: ${chance(p_value ?? 1)}, where drift is less than ${chance(alpha)} (bins that are empty on one side weigh a lot in the PSI and little in the test for chance).`;
  }
  if (isRare) {
    return `${name} is stable enough: it did change (chance alone: ${chance(p_value)}), but ${its} is not above ${figure(threshold)}.`;
  }
  return `${name} is stable: ${its} is not above ${figure(threshold)}.`;
}

/** When there will be enough rows to know, for a feature that has too few; null where it has enough. */
export function whenEnough(verdict: ShownVerdict, history: readonly ShownVerdict[]): string | null {
  if (verdict.verdict !== "inconclusive") return null;
  const needed = verdict.rows_needed ?? null;
  if (verdict.held_back_by === "rebin_error") return null;
  if (needed === null) {
    return `The reference of ${plural(verdict.n_reference, "row")} is too small: no number of current rows is enough with it. A larger reference is needed.`;
  }
  const usual = typicalRows(history);
  const reports = usual > 0 ? Math.ceil(needed / usual) : null;
  const many = `${plural(needed, "row")} would be enough to know`;
  if (reports === null || reports <= 1) return `${many}.`;
  return `${many}: about ${plural(reports, "report")} of the usual ${plural(usual, "row")} together (a drift window adds them up).`;
}

/** The size of change that this many rows can show, in plain words; null where nothing can be seen. */
export function whatCanBeSeen({ detectable_psi, detectable_shift }: ShownVerdict): string | null {
  if (detectable_psi === undefined) return null;
  const shift =
    detectable_shift === undefined ? "" : `, which is a shift of ${figure(detectable_shift)} standard deviations,`;
  return `With this many rows a true PSI of ${figure(detectable_psi)}${shift} is found in four of five reports.`;
}

/** The median of what the last reports held. */
function typicalRows(history: readonly ShownVerdict[]): number {
  const rows = history
    .slice(0, 15)
    .map(({ n_current }) => n_current)
    .sort((a, b) => a - b);
  return rows[Math.floor(rows.length / 2)] ?? 0;
}

/** What a bin adds to the PSI; shares are clipped at 1e-6 as in the sum itself. */
export function psiOfBin({ expected, actual }: { expected: number; actual: number }): number {
  const [e, a] = [Math.max(expected, 1e-6), Math.max(actual, 1e-6)];
  return (a - e) * Math.log(a / e);
}

/** The bins that make most of the PSI, in words. */
export function biggestChange(bins: ShownVerdict["bins"]): string | null {
  const [worst] = [...bins].sort((a, b) => psiOfBin(b) - psiOfBin(a));
  if (worst === undefined || psiOfBin(worst) < 1e-4) return null;
  return `The largest part comes from ${apart(worst.label)}: ${percent(worst.expected)} of the rows in the reference, ${percent(worst.actual)} now.`;
}
