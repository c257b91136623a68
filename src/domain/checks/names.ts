import { matchesGlob, mostSpecific } from "../glob.ts";

/** A policy names checks, stages, features and datasets by their names or by globs. */
export function names(pattern: string, name: string): boolean {
  return pattern === name || (isGlob(pattern) && matchesGlob(pattern, name));
}

export function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** Of the rules whose pattern matches, the most specific; undefined: none. */
export function ruleFor<R>(rules: readonly R[], patternOf: (rule: R) => string, name: string): R | undefined {
  if (rules.length === 0) return undefined;
  const best = mostSpecific(rules.map(patternOf), name);
  return rules.find((rule) => patternOf(rule) === best);
}

/** The patterns that match none of the names, each once. */
export function unmatched(patterns: readonly string[], known: readonly string[]): string[] {
  return [...new Set(patterns)].filter((pattern) => !known.some((name) => names(pattern, name)));
}
