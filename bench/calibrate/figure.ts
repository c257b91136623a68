/** One number of a table, with the range that it has to be in. */
export interface Figure {
  readonly table: TableName;
  /** What was simulated, without the sizes. */
  readonly of: string;
  readonly n_reference: number;
  readonly n_current: number;
  readonly simulations: number;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly in_range: boolean;
  /** Shares shown beside the value, that have no range. */
  readonly beside: Readonly<Record<string, number>>;
}

export type TableName = keyof typeof HEADINGS;

/** In the order in which they are shown. */
export const HEADINGS = {
  "false alarms":
    "Nothing changed, one feature, alpha 1 %: % of the reports called drifted (most: 1 and 3 standard errors of it)",
  "re-binned": "Nothing changed, counts on edges of their own: % called drifted (the same bound)",
  "one reference":
    "Nothing changed, many reports against each of some references: % called drifted, all together (the same bound)",
  clustered: "Nothing changed, rows of the same users: % called drifted, which nothing bounds (no range)",
  "200 features": "200 features that did not change: % of the runs that call any of them drifted (the same bound)",
  shapes: "Shapes whose verdict is known: % of the draws that have it (100; 95 of what drifted)",
  "power of PSI": "A true PSI of 0.3, threshold 0.2: % called drifted (95 or more)",
  "power of shares": "One share changed: % called drifted, alone (what has to be found: 99 or more)",
  "power re-binned": "Changed, counts on edges of their own: % called drifted (no range)",
} as const;

interface Sizes {
  readonly n_reference: number;
  readonly n_current: number;
  readonly simulations: number;
}

type Beside = Readonly<Record<string, number>>;

/** A share of the simulations that has to lie between `least` and `most`. */
export function figureOf(
  table: TableName,
  of: string,
  { n_reference, n_current, simulations }: Sizes,
  value: number,
  [least, most]: readonly [number, number],
  beside: Beside = {},
): Figure {
  const in_range = value >= least && value <= most;
  return { table, of, n_reference, n_current, simulations, value, least, most, in_range, beside };
}

/** A share of false alarms, which may pass alpha by three standard errors: those that a true share of alpha has. */
export function alarmFigure(table: TableName, of: string, sizes: Sizes, value: number, beside: Beside = {}): Figure {
  return figureOf(table, of, sizes, value, [0, mostAlarms(sizes.simulations)], beside);
}

export const ALPHA = 0.01;

export function mostAlarms(simulations: number): number {
  return ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / simulations);
}
