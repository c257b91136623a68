/** A minute becomes four seconds, and so a scrape interval of 15 s becomes 1 s. */
const FACTOR = 15;

const MILLISECONDS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const KEYS = "for|keep_firing_for|scrape_interval|evaluation_interval|group_wait|group_interval|repeat_interval";

/**
 * A shipped file of rules/, prometheus/ or alertmanager/ with every duration divided by 15: what is waited for, how long
 * things are grouped, and the ranges of queries (`[5m]`), which hold as many scrapes as before. Nothing else is changed.
 */
export function shorten(_file: string, text: string): string {
  const keys = new RegExp(`^( *)(${KEYS}): (\\d+)(ms|s|m|h)$`, "gm");
  return shortenRanges(text.replace(keys, (_, indent, key, count, unit) => `${indent}${key}: ${divided(count, unit)}`));
}

/** The ranges of queries alone: how long a rule waits and keeps firing stays as it is shipped. */
export function shortenRanges(text: string): string {
  return text.replace(/\[(\d+)([smhd])\]/g, (_, count, unit) => `[${divided(count, unit)}]`);
}

function divided(count: string, unit: string): string {
  return `${Math.round((Number(count) * MILLISECONDS[unit]!) / FACTOR)}ms`;
}
