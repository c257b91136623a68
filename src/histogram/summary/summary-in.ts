import type { NumericSummary } from "../distribution.ts";
import type { SummaryFields } from "../histogram-input.ts";

/** The fields of a summary by their names, which are those on the wire. */
const FIELDS = {
  min: true,
  max: true,
  mean: true,
  sd: true,
  distinct: true,
  quantiles: true,
  spikes: true,
  outside: true,
} satisfies Record<keyof NumericSummary, true>;

/** What an object says of the rows, beside its other fields. */
export function summaryIn(fields: SummaryFields): NumericSummary {
  const given = Object.keys(FIELDS).filter((name) => fields[name as keyof NumericSummary] !== undefined);
  return Object.fromEntries(given.map((name) => [name, fields[name as keyof NumericSummary]]));
}
