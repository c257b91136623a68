const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function count(value: number): string {
  return whole.format(value);
}

/** As precise as it is of use: 0.998, 0.0021, 12.3. */
export function figure(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000) return whole.format(value);
  if (size < 0.0001) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

/** The same, or as many digits as it takes to stand on the same side of the limit as the value itself. */
export function figureBeside(value: number, limit: number): string {
  const text = figure(value);
  if (Math.sign(Number(text.replaceAll(",", "")) - limit) === Math.sign(value - limit)) return text;
  for (let digits = 4; digits < 17; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.sign(rounded - limit) === Math.sign(value - limit)) return String(rounded);
  }
  return String(value);
}

/** `share` from 0 to 1. */
export function percent(share: number): string {
  return `${figure(share * 100)}\u00a0%`;
}

/** A rate that is not whole never reads as 100. */
export function rate(value: number): string {
  return `${Math.floor(value * 100) / 100}\u00a0%`;
}

export function chance(p: number): string {
  if (p < 0.0001) return "less than 1 in 10 000";
  if (p > 0.99) return "more than 99 %";
  return p < 0.01 ? `about 1 in ${count(Number((1 / p).toPrecision(2)))}` : `${figure(p * 100)} %`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
