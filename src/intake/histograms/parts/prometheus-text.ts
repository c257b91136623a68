import { numberOf, type Reading } from "./reading.ts";
import { seriesName } from "./series-name.ts";

export interface Series {
  name: string;
  /** The line it starts on: `line 3`. */
  path: string;
  /** Rows up to each `le`. */
  cumulative: { le: number; count: number; path: string }[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)_bucket\s*\{/;
const LABEL = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*)?/y;
const VALUE = /^\}\s*(\S+)/;

/**
 * The classic histograms of an exposition, Prometheus' or OpenMetrics': the samples NAME_bucket with a label `le`, each
 * combination of other labels by itself. All other lines are passed over, and so are timestamps and exemplars.
 */
export function readExposition(text: string, reading: Reading): Series[] {
  const series = new Map<string, Series>();
  text.split("\n").forEach((line, i) => {
    const start = SAMPLE.exec(line);
    if (start === null) return;
    const path = `line ${i + 1}`;
    const { labels, rest } = labelsOf(line, start[0].length);
    const value = VALUE.exec(rest)?.[1];
    const le = numberOf(labels.find(([name]) => name === "le")?.[1]);
    if (value === undefined || Number.isNaN(le)) {
      reading.wrong(path, 'a bucket is a line such as request_seconds_bucket{method="GET",le="0.5"} 129');
      return;
    }
    const name = seriesName(
      start[1]!,
      labels.filter(([label]) => label !== "le"),
    );
    const known = series.get(name) ?? { name, path, cumulative: [] };
    known.cumulative.push({ le, count: reading.count(value, path), path });
    series.set(name, known);
  });
  return [...series.values()];
}

function labelsOf(line: string, from: number): { labels: [name: string, value: string][]; rest: string } {
  const labels: [string, string][] = [];
  let end = from;
  LABEL.lastIndex = from;
  for (let label = LABEL.exec(line); label !== null; label = LABEL.exec(line)) {
    labels.push([label[1]!, label[2]!.replace(/\\(.)/g, (_, escaped) => (escaped === "n" ? "\n" : escaped))]);
    end = LABEL.lastIndex;
  }
  return { labels, rest: line.slice(end).trimStart() };
}
