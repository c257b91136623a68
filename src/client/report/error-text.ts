/** Characters; the agent keeps 8 KiB of UTF-8. */
const LONGEST = 8000;

/** An error as text, with its stack trace and its causes; the middle of a long one is left out. Never throws. */
export function errorText(error: unknown): string {
  try {
    return cut(withCauses(error));
  } catch {
    return "an error that cannot be shown";
  }
}

function withCauses(error: unknown): string {
  const texts: string[] = [];
  let next = error;
  for (let depth = 0; depth < 5 && next !== undefined && next !== null; depth++) {
    texts.push(next instanceof Error ? next.stack || `${next.name}: ${next.message}` : String(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return texts.length === 0 ? String(error) : texts.join("\ncaused by: ");
}

/** The message stands at the beginning, the last cause at the end. */
export function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST * 0.75)}\n… ${text.length - LONGEST} characters left out …\n${text.slice(-LONGEST * 0.25)}`;
}
