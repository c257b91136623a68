const DECIMAL = /^\s*\+?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*$/;

/**
 * The number that is plainly meant: a bigint (what databases give for COUNT), or a decimal text (what they give for SUM and AVG).
 * Anything else comes back as it is, for a check to refuse: "", "1,000", "0x10", true.
 */
export function plainNumber<T>(value: T): T | number {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" && DECIMAL.test(value) ? Number(value) : value;
}
