import type { DriftState } from "../../../domain/drift/drift.ts";
import { float, nullable, time, word } from "../statement/columns.ts";

/** What the gauges of a feature show of a verdict, in the order of `verdictOf`. */
export const VERDICT_COLUMNS = {
  at: time,
  verdict: word<DriftState>(),
  psi: nullable(float),
  p_value: nullable(float),
  threshold: float,
  n_current: float,
};

/** These columns of a row under this name, or of the only one there is. */
export function verdictOf(row: string | null = null): string {
  return Object.keys(VERDICT_COLUMNS)
    .map((column) => (row === null ? column : `${row}.${column}`))
    .join(", ");
}
