/**
 * The columns that are watched for drift. Numbers are counted between these edges (the outer bins are open), names are
 * counted as they are. Round numbers near the deciles do as well as the deciles themselves, and last longer.
 */
export const FEATURES = {
  distance: { edges: [0, 250, 500, 750, 1000, 1500, 2000, 3000] },
  hour: { edges: [0, 6, 9, 12, 15, 18, 21, 24] },
  delay: { edges: [-60, -10, -5, 0, 5, 15, 30, 60, 120, 1440] },
  origin: {},
};

/** Histograms of the features on these days, in the form that Sluice takes. */
export function histogramsOf(database, days) {
  return Object.fromEntries(
    Object.entries(FEATURES).map(([column, { edges }]) => {
      const counted = database.valuesOf(column, days);
      return [column, edges ? onEdges(counted, edges) : byName(counted)];
    }),
  );
}

/** `counted`: each value once, with the number of its rows. */
export function onEdges(counted, edges) {
  const counts = new Array(edges.length - 1).fill(0);
  let nulls = 0;
  for (const { value, rows } of counted) {
    if (value === null) nulls += rows;
    else counts[binOf(value, edges)] += rows;
  }
  return { edges, counts, nulls };
}

/** Bins hold their lower edge, not their upper one. */
function binOf(value, edges) {
  let bin = 0;
  while (bin < edges.length - 2 && value >= edges[bin + 1]) bin++;
  return bin;
}

function byName(counted) {
  const named = counted.filter(({ value }) => value !== null);
  const nulls = counted.find(({ value }) => value === null)?.rows ?? 0;
  return { categories: Object.fromEntries(named.map(({ value, rows }) => [value, rows])), nulls };
}
