/** Fields of a report by the minor version of the contract that brought them; all others came with 1.0. */
const SINCE: Readonly<Record<string, number>> = { try: 1, resumes: 1, logical_date: 1, lost: 1, expected_min_of: 1 };
const NEWEST = 1;
const MAY_HOLD = new RegExp(`"(?:${Object.keys(SINCE).join("|")})":`);

/**
 * Which fields the agent knows. Every answer says it (Sluice-Contract: 1.N) from 1.1 on. Until something is known all fields are
 * sent: what a short job has to say goes out in its only request, and a refusal for a field costs one more request.
 */
export class AgentContract {
  /** null: not known. */
  #minor: number | null = null;

  /** `version`: what an answer said, null where it said nothing (an agent of 1.0, or a proxy that took the header away). */
  answered(version: string | null): void {
    const minor = /^1\.(\d{1,6})$/.exec(version ?? "")?.[1];
    if (minor !== undefined) this.#minor = Number(minor);
  }

  /** It took, without its newer fields, what it had refused with them. */
  isOldest(): void {
    this.#minor = 0;
  }

  /** The line without what the agent is known not to know. */
  fit(line: string): string {
    return this.#minor === null || this.#minor >= NEWEST ? line : without(line, this.#minor);
  }

  /** What to send where the agent refused the line; null where that cannot be for a field. */
  fallback(line: string): string | null {
    if (this.#minor !== null && this.#minor >= NEWEST) return null;
    const shorter = without(line, 0);
    return shorter === line ? null : shorter;
  }
}

function without(line: string, minor: number): string {
  if (!MAY_HOLD.test(line)) return line;
  try {
    const fields = Object.entries(JSON.parse(line) as object);
    const known = fields.filter(([name]) => (SINCE[name] ?? 0) <= minor);
    return known.length === fields.length ? line : JSON.stringify(Object.fromEntries(known));
  } catch {
    return line;
  }
}
