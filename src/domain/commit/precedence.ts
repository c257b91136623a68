/**
 * An order as data, to compare items here and to write it as SQL (adapters/postgres/tables/precedence-sql.ts). The first step
 * that tells two items apart decides.
 */
export type Precedence<T> = readonly Step<T>[];

type Step<T> = { [F in keyof T & string]: ByValue<F, T[F]> | ByWord<F, T[F]> }[keyof T & string];

type ByValue<F, V> = { of: F; first: "greatest" | "least" } & (null extends V
  ? { /** Where an item without a value stands. */ nulls: "first" | "last" }
  : { nulls?: never });

/** Items with this word come after all others. */
interface ByWord<F, V> {
  of: F;
  last: V & string;
}

/** The same order without the type of its items, whose fields the compiler checked where the order was written. */
export type AnyPrecedence = readonly {
  of: string;
  first?: "greatest" | "least";
  nulls?: "first" | "last";
  last?: string;
}[];

/** Whether `a` comes before `b`; equal items precede neither way. */
export function precedes<T>(precedence: Precedence<T>, a: T, b: T): boolean {
  for (const step of precedence) {
    const mine = a[step.of];
    const other = b[step.of];
    if (mine === other) continue;
    if ("last" in step) {
      if (mine !== step.last && other !== step.last) continue;
      return other === step.last;
    }
    if (mine == null || other == null) return (mine == null) === (step.nulls === "first");
    return step.first === "greatest" ? mine > other : mine < other;
  }
  return false;
}
