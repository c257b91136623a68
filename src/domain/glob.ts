/**
 * A glob as the source of a regular expression that JavaScript and Postgres read alike: `*` is any text, `?` one character,
 * everything else is itself.
 */
export function globSource(glob: string): string {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return `^${body}$`;
}

export function matchesGlob(glob: string, name: string): boolean {
  return new RegExp(globSource(glob), "su").test(name);
}

/** Of the globs that match, the most specific: the one with the most characters that stand for themselves. */
export function mostSpecific(globs: Iterable<string>, name: string): string | null {
  let best: string | null = null;
  for (const glob of globs) {
    if (matchesGlob(glob, name) && (best === null || literal(glob) > literal(best))) best = glob;
  }
  return best;
}

function literal(glob: string): number {
  return glob.replace(/[*?]/g, "").length + (/[*?]/.test(glob) ? 0 : 1);
}
