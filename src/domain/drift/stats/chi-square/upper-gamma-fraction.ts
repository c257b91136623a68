const MOST_TERMS = 100_000;
const TINY = 1e-300;
/** Below this exp is 0. */
const LEAST_EXPONENT = -746;

/**
 * Regularised upper incomplete gamma function Q(a, x) for large x, by its continued fraction (Lentz's method):
 *
 *     Q(a, x) = e^−x x^a / Γ(a) · 1 / (x + 1 − a − 1(1 − a) / (x + 3 − a − 2(2 − a) / (x + 5 − a − …)))
 *
 * with Γ(a) by Stirling's series, so that the factor in front is written without cancellation. For a ≥ 50 (relative
 * error below 1e-11 up to a = 50 000); for less, at x > 1000, Q is 0 to a double anyway. About 3√a terms where x is
 * near a, few elsewhere.
 *
 * Source: NIST Digital Library of Mathematical Functions, 8.9.2 and 5.11.1.
 */
export function upperGammaFraction(a: number, x: number): number {
  const excess = (x - a) / a;
  const exponent = a * (Math.log1p(excess) - excess);
  // Written so that an infinite x, whose exponent is no number, ends here too.
  if (!(exponent >= LEAST_EXPONENT)) return 0;
  const square = a * a;
  const stirling = (1 / 12 - (1 / 360 - 1 / (1260 * square)) / square) / a;
  const factor = Math.exp(exponent - stirling) * Math.sqrt(a / (2 * Math.PI));

  let b = x + 1 - a;
  if (b === 0) b = TINY;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i <= MOST_TERMS; i++) {
    const numerator = i * (a - i);
    b += 2;
    d = numerator * d + b;
    if (d === 0) d = TINY;
    c = b + numerator / c;
    if (c === 0) c = TINY;
    d = 1 / d;
    const change = c * d;
    fraction *= change;
    if (Math.abs(change - 1) < Number.EPSILON) break;
  }
  return Math.min(1, factor * fraction);
}
