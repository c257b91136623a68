import { mkdirSync, writeFileSync } from "node:fs";
import { measuredCode } from "./measured-code.ts";

/** One line of a bench's table. */
export interface Figure {
  what: string;
  ours: number;
  unit: string;
  against: string;
  /** NaN: not measured, `against` says why. */
  theirs: number;
  /** Ours to theirs. */
  ratio: number;
  /** The ratio wanted; `least`: at least so much, `most`: at most. Absent: shown for comparison. */
  goal?: { least: number } | { most: number };
}

export function figure(
  what: string,
  unit: string,
  ours: number,
  against: string,
  theirs: number,
  goal?: Figure["goal"],
): Figure {
  return { what, ours, unit, against, theirs, ratio: ours / theirs, ...(goal === undefined ? {} : { goal }) };
}

/** A peer that this machine lacks: the row stays, and says so. */
export function leftOut(what: string, unit: string, ours: number, peer: string, goal?: Figure["goal"]): Figure {
  return figure(what, unit, ours, `${peer}: left out, not installed`, Number.NaN, goal);
}

/** Prints the table, and writes it with `details` to bench/results/<name>.json. */
export function report(name: string, title: string, figures: readonly Figure[], details: object = {}): void {
  const rows = figures.map((f) => [
    f.what,
    `${short(f.ours)} ${f.unit}`,
    f.against,
    Number.isNaN(f.theirs) ? "" : `${short(f.theirs)} ${f.unit}`,
    Number.isNaN(f.ratio) ? "" : `${short(f.ratio)} ×`,
    f.goal === undefined ? "" : goalText(f.goal),
    f.goal === undefined || Number.isNaN(f.ratio) ? "" : met(f) ? "met" : "missed",
  ]);
  process.stdout.write(`\n${name.toUpperCase()}: ${title}\n\n`);
  printTable([["what", "ours", "against", "theirs", "ratio", "goal", ""], ...rows]);
  writeResult(name, { title, figures, ...details });
}

/** Writes what a bench found to bench/results/<name>.json, with the commit that it measured. */
export function writeResult(name: string, content: object): void {
  mkdirSync("bench/results", { recursive: true });
  const file = `bench/results/${name}.json`;
  const json = { name, node: process.version, ...measuredCode(), ...content };
  writeFileSync(file, `${JSON.stringify(json, null, 2)}\n`);
  process.stdout.write(`\nwritten to ${file}\n`);
}

function goalText(goal: NonNullable<Figure["goal"]>): string {
  return "least" in goal ? `≥ ${goal.least} ×` : `≤ ${goal.most} ×`;
}

function met({ goal, ratio }: Figure): boolean {
  return goal === undefined || ("least" in goal ? ratio >= goal.least : ratio <= goal.most);
}

export function printTable(rows: readonly string[][]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) {
    process.stdout.write(
      `${row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd()}\n`,
    );
  }
}

export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US").replaceAll(",", " ");
  return String(Number(value.toPrecision(3)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A line of progress, so that a long bench does not look stuck. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
