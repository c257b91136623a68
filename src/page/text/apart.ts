/** A name in a sentence: whatever direction it is written in, or asks for, ends with it (FSI … PDI). */
export function apart(name: string): string {
  return `\u2068${name}\u2069`;
}
