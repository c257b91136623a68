import { isGlob, matchesGlob } from "../words/glob.ts";
import { GlobList, globListOf } from "../words/glob-list.ts";

export { isGlob } from "../words/glob.ts";

/** A policy names checks, stages, features and datasets by their names or by globs. */
export function names(pattern: string, name: string): boolean {
  return pattern === name || (isGlob(pattern) && matchesGlob(pattern, name));
}

/** Whether one of the patterns of a policy matches the name. Cached by the list, which must not change. */
export function anyNames(patterns: readonly string[], name: string): boolean {
  return patterns.length > 0 && globListOf(patterns, (pattern) => pattern).some(name);
}

/** The most specific of the rules whose pattern matches; undefined: none does. Cached by the list, which must not change. */
export function ruleFor<R>(rules: readonly R[], patternOf: (rule: R) => string, name: string): R | undefined {
  return rules.length === 0 ? undefined : rules[globListOf(rules, patternOf).best(name)];
}

/** The patterns that match none of the names, each once. */
export function unmatched(patterns: readonly string[], known: readonly string[]): string[] {
  const open = new Set(patterns);
  for (const name of known) open.delete(name);
  const globs = [...open].filter(isGlob);
  if (globs.length === 0) return [...open];
  const list = new GlobList(globs);
  for (const name of known) list.each(name, (index) => open.delete(globs[index]!));
  return [...open];
}
