const LONGEST_SHOWN = 80;

/** What was given, as it may stand in a message: short, on one line. */
export function show(text: string): string {
  return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}
