/** A feature made of a labelled time series: `request_seconds{method="GET"}`, labels in the order of their names. */
export function seriesName(metric: string, labels: readonly (readonly [name: string, value: string])[]): string {
  if (labels.length === 0) return metric;
  const sorted = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${metric}{${sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")}}`;
}
