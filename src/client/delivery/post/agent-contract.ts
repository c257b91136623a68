/** Fields of a report by the minor version of the contract that brought them; all others came with 1.0. */
const SINCE: Readonly<Record<string, number>> = { try: 1, resumes: 1, logical_date: 1, lost: 1, expected_min_of: 1 };
/** Those of a feature of a drift report, and of the reference in it. */
const SINCE_IN_FEATURES: Readonly<Record<string, number>> = {
  kind: 1,
  folded: 1,
  n: 1,
  min: 1,
  max: 1,
  mean: 1,
  sd: 1,
  distinct: 1,
  quantiles: 1,
  spikes: 1,
  outside: 1,
};
const NEWEST = 1;
const MAY_HOLD = new RegExp(`"(?:${[...Object.keys(SINCE), ...Object.keys(SINCE_IN_FEATURES)].join("|")})":`);

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

/** The body of a reference without the fields that an agent of 1.0 does not know. */
export function oldestReference(reference: object): object {
  return knownHistogram(reference, 0);
}

function without(line: string, minor: number): string {
  if (!MAY_HOLD.test(line)) return line;
  try {
    const report = JSON.parse(line) as object;
    const known = JSON.stringify(knownReport(report, minor));
    return known === JSON.stringify(report) ? line : known;
  } catch {
    return line;
  }
}

function knownReport(report: object, minor: number): object {
  const known = knownFields(report, SINCE, minor);
  const { features } = known;
  if (!isObject(features)) return known;
  const reduced = Object.entries(features).map(([name, feature]) => [name, knownFeature(feature, minor)]);
  return { ...known, features: Object.fromEntries(reduced) };
}

function knownFeature(feature: unknown, minor: number): unknown {
  if (!isObject(feature)) return feature;
  const known = knownHistogram(feature, minor);
  return "reference" in known ? { ...known, reference: knownFeature(known.reference, minor) } : known;
}

/** An agent that does not know folded rows has them in the category that it keeps for what is new. */
function knownHistogram(histogram: { categories?: unknown; folded?: unknown }, minor: number): Record<string, unknown> {
  const known = knownFields(histogram, SINCE_IN_FEATURES, minor);
  const { folded } = histogram;
  if (typeof folded !== "number" || "folded" in known || !isObject(known.categories)) return known;
  const { other = 0 } = known.categories as { other?: number };
  return { ...known, categories: { ...known.categories, other: other + folded } };
}

function knownFields(given: object, since: typeof SINCE, minor: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => (since[name] ?? 0) <= minor));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
