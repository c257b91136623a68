const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)? ?([Zz]|[+-]\d{2}:?\d{2})?$/;

const YEAR_1 = -62135596800000;
const YEAR_10000 = 253402300800000;

/**
 * RFC 3339 (without an offset = UTC; digits past the millisecond are cut) or Unix seconds, as milliseconds since 1970.
 * null when it is neither, names a day that does not exist, or lies outside the years 1 to 9999.
 */
export function parseTime(value: string | number): number | null {
  const ms = typeof value === "number" ? Math.round(value * 1000) : parseText(value);
  return ms !== null && isTime(ms) ? ms : null;
}

/** Milliseconds in the years 1 to 9999, which JavaScript, RFC 3339 and the store write alike. */
export function isTime(ms: number): boolean {
  return ms >= YEAR_1 && ms < YEAR_10000;
}

function parseText(text: string): number | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute] = [match[1], match[2], match[3], match[4], match[5]].map(Number) as number[];
  const second = Number(match[6] ?? 0);
  const ms = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  // 24:00:00 and leap seconds (:60) are accepted by rolling over; RFC 3339 allows the latter.
  if (hour! > 24 || minute! > 59 || second > 60 || (hour === 24 && minute! + second + ms > 0)) return null;
  const ahead = offset(match[8]);
  if (ahead === null) return null;
  const midnight = new Date(0).setUTCFullYear(year!, month! - 1, day!);
  const date = new Date(midnight);
  if (date.getUTCMonth() !== month! - 1 || date.getUTCDate() !== day!) return null;
  return midnight + hour! * 3_600_000 + minute! * 60_000 + second * 1000 + ms - ahead;
}

/** null: no such offset. */
function offset(zone: string | undefined): number | null {
  if (zone === undefined || zone === "Z" || zone === "z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return null;
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** UTC with Z, milliseconds only where there are some. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export function startOfHour(ms: number): number {
  return Math.floor(ms / HOUR) * HOUR;
}

export function startOfDay(ms: number): number {
  return Math.floor(ms / DAY) * DAY;
}

/** UTC. `later`: that many months after it. */
export function startOfMonth(ms: number, later = 0): number {
  const date = new Date(ms);
  return new Date(0).setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + later, 1);
}
