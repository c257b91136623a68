/** Milliseconds of each unit, the largest first. */
const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** The pattern of a duration, for schemas. */
export const DURATION_PATTERN = "^\\d+[smhd]$";

/** `30s`, `10m`, `2h`, `7d` as milliseconds; null: not a duration. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+)([smhd])$/.exec(text);
  if (match === null) return null;
  const ms = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return Number.isSafeInteger(ms) ? ms : null;
}

/** In the largest unit that divides it: `90s`, `2m`. Parts of a second are cut. */
export function formatDuration(ms: number): string {
  const whole = Math.trunc(ms / 1000) * 1000;
  if (whole === 0) return "0s";
  for (const [unit, size] of Object.entries(UNITS)) {
    if (whole % size === 0) return `${whole / size}${unit}`;
  }
  return `${whole / 1000}s`;
}
