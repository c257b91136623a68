/** Columns with the look of data, the same on every machine: no logarithm or sine, which machines round differently. */

function uniform(n: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

/** Close to normal: the sum of twelve uniform numbers, to six digits. */
export function normal(n: number, seed: number): number[] {
  const parts = uniform(12 * n, seed);
  return Array.from({ length: n }, (_, i) => {
    const sum = parts.slice(12 * i, 12 * i + 12).reduce((a, b) => a + b, -6);
    return Math.round(sum * 1e6) / 1e6;
  });
}

/** Skewed over magnitudes, to six digits. */
export function lognormal(n: number, seed: number): number[] {
  return normal(n, seed).map((z) => {
    // (1 + z/64)^64 is e^z, nearly; by squaring.
    let power = 1 + z / 64;
    for (let i = 0; i < 6; i++) power *= power;
    return Math.round(power * 1e6) / 1e6;
  });
}

export function mostlyZeros(n: number, seed: number): number[] {
  const positive = lognormal(n, seed);
  return uniform(n, seed + 1).map((u, i) => (u < 0.95 ? 0 : positive[i]!));
}

/** 0, 0.1, … 0.9. */
export function levels(n: number, seed: number): number[] {
  return uniform(n, seed).map((u) => Math.floor(u * 10) / 10);
}

/** Whole numbers with mean 3. */
export function poisson(n: number, seed: number): number[] {
  return uniform(n, seed).map((u) => {
    let k = 0;
    for (let p = 0.049787068367863944, sum = p; sum < u && k < 20; sum += p) p *= 3 / ++k;
    return k;
  });
}

/** The quantile function at n ranks. */
export function fromQuantiles(n: number, quantile: (u: number) => number): number[] {
  return Array.from({ length: n }, (_, i) => quantile((i + 0.5) / n));
}
