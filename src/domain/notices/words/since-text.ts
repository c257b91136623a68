const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** How long, for people: the two largest units, such as `2h 13m`; `0s` below a second. */
export function sinceText(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first < 0) return "0s";
  const [unit, size] = UNITS[first]!;
  const whole = Math.floor(ms / size);
  const second = UNITS[first + 1];
  const rest = second === undefined ? 0 : Math.floor((ms - whole * size) / second[1]);
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit} ${rest}${second![0]}`;
}
