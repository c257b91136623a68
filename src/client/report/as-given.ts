/** Characters of a text that is shown. */
const LONGEST = 200;

/** Fields that are wrong, as JSON can say them; a value that it cannot say becomes its text. Never throws. */
export function asGiven(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    said[name] = isPlain(value) ? value : textOf(value);
  }
  return said;
}

function isPlain(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value === "boolean" || (typeof value === "string" && value.length <= LONGEST);
}

function textOf(value: unknown): string {
  try {
    const text = typeof value === "object" ? Object.prototype.toString.call(value) : String(value);
    return text.slice(0, LONGEST);
  } catch {
    return "what cannot be shown";
  }
}
