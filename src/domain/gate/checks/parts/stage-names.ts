import { globListOf } from "../../../words/glob-list.ts";

/** Stages that load the data to where it is used: 0 records there means that nothing was done. */
const LOADS: readonly string[] = ["load", "loaded"];

/** `Load`, `orders/load`, `warehouse.LOADED`. */
export function isLoad(stage: string): boolean {
  const [whole, last] = spellings(stage);
  return LOADS.includes(whole) || LOADS.includes(last);
}

/**
 * Whether one of the patterns (names or globs) is about the stage, by its whole name or its last part, whatever the case. The
 * list is never changed.
 */
export function isOneOf(patterns: readonly string[], stage: string): boolean {
  const list = globListOf(patterns, alike);
  return spellings(stage).some((name) => list.some(name));
}

/** The whole name, and the part behind its last `/`, `.` or `:`. */
function spellings(stage: string): [string, string] {
  const whole = alike(stage);
  const parted = Math.max(...["/", ".", ":"].map((sign) => whole.lastIndexOf(sign)));
  return [whole, whole.slice(parted + 1)];
}

/** `Dead-Letters` and `dead letters` are `dead_letters`. */
export function alike(name: string): string {
  return name.toLowerCase().replaceAll(/[- ]/g, "_");
}
