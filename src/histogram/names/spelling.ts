/** How a reference spells the names that it has. */
export interface Spelling {
  has(name: string): boolean;
  /** The name as the reference has it; itself where the reference does not have that value. */
  of(name: string): string;
}

const WHOLE = /^(-?(?:0|[1-9]\d*))\.0+$/;
const TWINS: Readonly<Record<string, string>> = { true: "1", false: "0", "1": "true", "0": "false" };

/**
 * `true` is `True` to a reference that was counted from pandas' text, and `1` to one of a database; `2` is `2.0` to one
 * that was counted beside nulls. What the reference has as it is stays as it is.
 */
export function spellingOf(known: Iterable<string>): Spelling {
  const names = new Set(known);
  const byKey = new Map<string, string>();
  for (const name of names) if (!byKey.has(keyOf(name))) byKey.set(keyOf(name), name);
  const keys = [...byKey.keys()];
  const only = (...two: string[]) => keys.length > 0 && keys.every((key) => two.includes(key));
  // Only where the reference counts truth values and nothing else.
  const isTruth = only("true", "false") || only("1", "0");
  return {
    has: (name) => names.has(name),
    of(name) {
      if (names.size === 0 || names.has(name)) return name;
      const key = keyOf(name);
      const twin = isTruth && Object.hasOwn(TWINS, key) ? byKey.get(TWINS[key]!) : undefined;
      return byKey.get(key) ?? twin ?? name;
    },
  };
}

/** The same for every spelling of a value. */
function keyOf(name: string): string {
  const lower = name.length <= 5 ? name.toLowerCase() : "";
  if (lower === "true" || lower === "false") return lower;
  const whole = WHOLE.exec(name)?.[1];
  if (whole === undefined) return name;
  return whole === "-0" ? "0" : whole;
}
