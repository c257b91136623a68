/** Names hold no control characters, so joined keys are unambiguous. */
export function join(...parts: string[]): string {
  return parts.join("\u0000");
}

export function at<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
