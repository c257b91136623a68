import { scaledErfc } from "./scaled-erfc.ts";

const ROOT_PI = 1.7724538509055159;

/**
 * P(X > x) for X ~ χ² with few degrees of freedom, by its finite sum. With h = x/2 it is
 *
 *     df even:  e^−h · Σ h^j / j!,  j = 0 … df/2 − 1
 *     df odd:   e^−h · ( e^h · erfc(√h) + √h / √π · Σ h^(j−1) / ((½)(3/2) … (j − ½)) ),  j = 1 … (df − 1)/2
 *
 * All terms are positive, so nothing cancels: relative error below 1e-14.
 *
 * Source: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions (1964), 26.4.4 and 26.4.5.
 *
 * @param x from 0.5 (scaledErfc) to 1 400 (beyond it e^−h loses digits)
 * @param df a whole number from 1 on; as many steps as half of it
 */
export function chiSquareSum(x: number, df: number): number {
  const h = x / 2;
  let sum = 1;
  if (df % 2 === 0) {
    for (let j = df / 2 - 1; j > 0; j--) sum = 1 + (h / j) * sum;
    return Math.exp(-h) * sum;
  }
  const root = Math.sqrt(h);
  const scaled = scaledErfc(root);
  if (df === 1) return Math.exp(-h) * scaled;
  for (let j = (df - 1) / 2; j > 1; j--) sum = 1 + (h / (j - 0.5)) * sum;
  return Math.exp(-h) * (scaled + ((2 * root) / ROOT_PI) * sum);
}
