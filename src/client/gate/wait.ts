const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of seconds or a duration ("30s", "10m", "2h"); 0 when not given, null when it is neither. */
export function parseWait(wait: string | number | undefined): number | null {
  if (wait === undefined) return 0;
  if (typeof wait === "number") return wait >= 0 && Number.isFinite(wait) ? wait * 1000 : null;
  const match = typeof wait === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(wait) : null;
  return match === null ? null : Number(match[1]) * UNITS[match[2]!]!;
}
