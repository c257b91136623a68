/** 2.0, 2.00: how a whole number looks that was among fractions, or beside a null in pandas. */
const WHOLE = /^\s*\+?(-?\d+)(?:\.0*)?\s*$/;
/** More digits than a number keeps. */
const LONG = 16;

/**
 * What a value is called where values are counted by name: numbers as JavaScript writes them (2.0 is 2, 1e21 is 1e+21), true
 * and false, texts as they are.
 */
export function nameOfValue(value: number | bigint | string | boolean): string {
  return Object.is(value, -0) ? "0" : String(value);
}

/** The same of a number that is written as a text. A long whole number keeps all its digits. */
export function nameOfNumberText(text: string, value: number): string {
  const whole = WHOLE.exec(text)?.[1];
  return whole !== undefined && whole.length >= LONG && Math.abs(value) < 1e21 ? whole : nameOfValue(value);
}

/** The number with the fewest digits that is this one in float32: 0.1, not 0.10000000149011612. */
export function shortestFloat32(value: number): number {
  for (let digits = 3; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
