import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HistogramInput } from "../../src/histogram/histogram-input.ts";
import { judgeInputs } from "../calibrate/judge-shape.ts";
import { SHAPES } from "../calibrate/shapes.ts";
import { hash, random } from "../lib/random.ts";
import type { OurWord } from "./compared-shape.ts";

/** Draws every shape, judges the draws here, and writes their rows to a folder for theirs.py. */
export function drawShapes(folder: string, draws: number): OurWord[][] {
  const listed: object[] = [];
  const words = SHAPES.map(({ name, rows, reference, current }) => {
    const next = random(hash(name));
    return Array.from({ length: draws }, (): OurWord => {
      const before = reference(rows[0], next);
      const now = current(rows[1], next);
      const file = String(listed.length);
      listed.push(
        before.categories === undefined
          ? { kind: "numeric" }
          : { kind: "categorical", reference: before.categories, current: now.categories },
      );
      writeRows(join(folder, `${file}-reference.f64`), before);
      writeRows(join(folder, `${file}-current.f64`), now);
      const { verdict, psi, tested } = judgeInputs(before, now);
      return { verdict, psi, decided_by: tested?.decided_by ?? [] };
    });
  });
  writeFileSync(join(folder, "draws.json"), JSON.stringify(listed));
  return words;
}

function writeRows(file: string, { values }: HistogramInput): void {
  if (values === undefined) return;
  const rows = Float64Array.from(values as ArrayLike<number | null>, (value) => value ?? Number.NaN);
  writeFileSync(file, new Uint8Array(rows.buffer));
}
