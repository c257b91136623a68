import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHAPES } from "./calibrate/shapes.ts";
import { type ComparedShape, type TheirWord, wrongShapes } from "./compare-evidently/compared-shape.ts";
import { drawShapes } from "./compare-evidently/drawn-shapes.ts";
import { markdownTable, summary } from "./compare-evidently/markdown-table.ts";
import { outputOf } from "./lib/children.ts";
import { say, writeResult } from "./lib/figures.ts";
import { pythonWithPeers } from "./lib/python.ts";

/** Evidently's own choice of test beside Sluice's verdict, on the same rows of every shape whose truth was written before; exit code 1 where Sluice is wrong on one. */

const DRAWS = 5;

const python = await pythonWithPeers();
const folder = mkdtempSync(join(tmpdir(), "sluice-shapes-"));
try {
  const ours = drawShapes(folder, DRAWS);
  const output = await outputOf(python, ["bench/compare-evidently/theirs.py", folder]);
  const { version, draws } = JSON.parse(output) as { version: string; draws: TheirWord[] };
  const shapes = SHAPES.map(({ name, truth, rows }, i): ComparedShape => {
    return { name, truth, rows, ours: ours[i]!, theirs: draws.slice(i * DRAWS, (i + 1) * DRAWS) };
  });
  say(`Evidently ${version}, ${DRAWS} draws a shape\n\n${markdownTable(shapes)}\n\n${summary(shapes)}`);
  writeResult("compare-evidently", { version, shapes });
  const wrong = wrongShapes(shapes);
  for (const name of wrong) say(`Sluice is wrong: ${name}`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
