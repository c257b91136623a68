/** Seeded random numbers, so that the same figures come out each time. */

/** xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32; uniform in [0, 1) with 53 bits. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  const split = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = split();
  let b = split();
  let c = split();
  let d = split();
  const bits = () => {
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  return () => ((bits() >>> 5) * 67_108_864 + (bits() >>> 6)) / 9_007_199_254_740_992;
}

export function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (Math.imul(value, 31) + character.codePointAt(0)!) >>> 0;
  return value;
}

/** Marsaglia's polar method. */
export function normal(next: () => number): number {
  for (;;) {
    const x = 2 * next() - 1;
    const y = 2 * next() - 1;
    const s = x * x + y * y;
    if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s);
  }
}

/** n uniform values in rising order, exactly: sums of exponential gaps, scaled. */
export function risingUniforms(n: number, next: () => number): Float64Array {
  const values = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum -= Math.log(1 - next());
    values[i] = sum;
  }
  const whole = sum - Math.log(1 - next());
  for (let i = 0; i < n; i++) values[i]! /= whole;
  return values;
}

/** Counts of n rows over bins of these shares, exactly multinomial: a binomial for each bin given those before. */
export function multinomial(shares: Float64Array, next: () => number): (n: number) => Float64Array {
  return (n) => {
    const counts = new Float64Array(shares.length);
    let rows = n;
    let share = 1;
    for (let i = 0; i < shares.length - 1 && rows > 0; i++) {
      counts[i] = binomial(rows, Math.min(1, shares[i]! / share), next);
      rows -= counts[i]!;
      share -= shares[i]!;
    }
    counts[shares.length - 1]! += rows;
    return counts;
  };
}

/**
 * A binomial variable, exactly: by inversion where few are expected, else by W. Hörmann's transformed rejection
 * (BTRS, J. Stat. Comput. Simul. 46, 1993).
 */
export function binomial(n: number, p: number, next: () => number): number {
  if (p > 0.5) return n - binomial(n, 1 - p, next);
  if (p <= 0) return 0;
  const q = 1 - p;
  const odds = p / q;
  if (n * p < 10) {
    for (;;) {
      let chance = q ** n;
      let left = next();
      let k = 0;
      while (k <= n && left >= chance) {
        left -= chance;
        chance *= (odds * (n - k)) / (k + 1);
        k++;
      }
      if (k <= n) return k;
    }
  }
  const spread = Math.sqrt(n * p * q);
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const narrow = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((n + 1) * p);
  for (;;) {
    const u = next() - 0.5;
    const v = next();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= narrow) return k;
    if (k < 0 || k > n) continue;
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      stirling(mode) +
      stirling(n - mode) -
      stirling(k) -
      stirling(n - k);
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= bound) return k;
  }
}

const STIRLING = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.020790672103765, 0.0166446911898211, 0.0138761288230707,
  0.0118967099458917, 0.010411265261972, 0.0092554621827127, 0.0083305634333628,
];

/** ln k! less Stirling's (k + ½) ln(k + 1) − (k + 1) + ½ ln 2π. */
function stirling(k: number): number {
  if (k < STIRLING.length) return STIRLING[k]!;
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

// The tables.
