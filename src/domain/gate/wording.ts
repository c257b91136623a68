import { DAY, HOUR } from "../words/time.ts";

const MINUTE = 60_000;
const SECOND = 1000;
const UNITS: readonly [number, string][] = [
  [DAY, "d"],
  [HOUR, "h"],
  [MINUTE, "min"],
  [SECOND, "s"],
];

/** The two largest units of a span in milliseconds: `2 h 5 min`, `26 h`, `3 d`, `450 ms`. What is left over is cut. */
export function spanText(ms: number): string {
  const first = UNITS.findIndex(([size]) => ms >= (size === DAY ? 2 * DAY : size));
  if (first === -1) return `${Math.max(0, Math.trunc(ms))} ms`;
  const [size, unit] = UNITS[first]!;
  const whole = `${Math.floor(ms / size)} ${unit}`;
  const next = UNITS[first + 1];
  const rest = next === undefined ? 0 : Math.floor((ms % size) / next[0]);
  return rest === 0 ? whole : `${whole} ${rest} ${next![1]}`;
}

/** `2 h 5 min`, or `just over 2 h` where the limit reads the same. */
export function spanBeyond(ms: number, limit: number): string {
  const text = spanText(ms);
  return text === spanText(limit) ? `just over ${text}` : text;
}

/** `2026-11-20 02:11 UTC` */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** One formatter for all calls: creating one costs more than formatting a hundred counts. */
const COUNTS = new Intl.NumberFormat("en-US");

/** `47,500` */
export function countText(count: number): string {
  return COUNTS.format(count);
}

/** Three decimals, or as many digits as it takes to stand on the same side of the threshold as the PSI itself. */
export function psiText(psi: number, threshold: number): string {
  const text = psi.toFixed(3);
  return Math.sign(Number(text) - threshold) === Math.sign(psi - threshold) ? text : numberText(psi, threshold);
}

/** `p = 0.0021`; smaller values are `p < 0.0001`. */
export function pText(p: number): string {
  if (p > 0.99) return "p > 0.99";
  return p < 0.0001 ? "p < 0.0001" : `p = ${Number(p.toPrecision(2))}`;
}

/** Four significant digits, or as many more as it takes to stand on the same side of the limit as the value itself. */
export function numberText(value: number, limit: number): string {
  for (let digits = 4; digits < 17; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.sign(rounded - limit) === Math.sign(value - limit)) return String(rounded);
  }
  return String(value);
}
