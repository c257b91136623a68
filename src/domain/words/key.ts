/** Names hold no control characters, so joined keys are unambiguous. */
export function join(first: Part, second: Part, ...more: Part[]): string {
  const key = `${first ?? ""}\u0000${second ?? ""}`;
  return more.length === 0 ? key : `${key}\u0000${more.join("\u0000")}`;
}

/** null is the empty text. */
type Part = string | number | null;

export function at<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
