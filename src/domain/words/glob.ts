import { compileGlob, type GlobMatcher } from "./glob-matcher.ts";

/**
 * A glob as the source of a regular expression for Postgres, whose engine is an automaton: `*` is any text, `?` one character,
 * everything else is literal. Never for JavaScript's RegExp, which may take exponential time.
 */
export function globSource(glob: string): string {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return `^${body}$`;
}

export function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** The cache is emptied past this many globs, which bounds it: globs in use come back at once. */
const MOST_CACHED = 10_000;
const matchers = new Map<string, GlobMatcher>();

/** Compiled once. */
export function globMatcher(glob: string): GlobMatcher {
  let matcher = matchers.get(glob);
  if (matcher === undefined) {
    if (matchers.size >= MOST_CACHED) matchers.clear();
    matcher = compileGlob(glob);
    matchers.set(glob, matcher);
  }
  return matcher;
}

export function matchesGlob(glob: string, name: string): boolean {
  return globMatcher(glob).matches(name);
}

/** The most specific of the globs that match: the one with the most literal characters. */
export function mostSpecific(globs: Iterable<string>, name: string): string | null {
  let best: string | null = null;
  for (const glob of globs) {
    if (matchesGlob(glob, name) && (best === null || literalLength(glob) > literalLength(best))) best = glob;
  }
  return best;
}

/** Number of literal characters; a name without wildcards counts one more, so that it comes before every glob. */
export function literalLength(glob: string): number {
  return glob.replace(/[*?]/g, "").length + (isGlob(glob) ? 0 : 1);
}
