import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { figureRows, MEASURED, staleFigures } from "../../bench/lib/stale-figures.mjs";
import { temporaryClone, write } from "./temporary-clone.ts";

const root = path.dirname(path.dirname(import.meta.dirname));

function figures(...rows: string[]): string {
  const table = ["| | ours | against | measured on |", "| --- | --- | --- | --- |", ...rows].join("\n");
  return `# Benchmarks\n\n| S1 | what it measures | – |\n\n## Figures\n\n${table}\n\n## Other\n\n| S9 | - | \`abcdef1\` |\n`;
}

/** A clone with a commit for each set of files; the short names of the commits. */
function history(...commits: Record<string, string>[]): { folder: string; names: string[] } {
  const folder = temporaryClone({});
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  git("init", "--quiet");
  const names = commits.map((files, i) => {
    for (const [file, text] of Object.entries(files)) write(folder, file, text);
    git("add", ".");
    git("commit", "--quiet", "-m", `change ${i}`);
    return git("rev-parse", "--short", "HEAD");
  });
  return { folder, names };
}

test("the rows below Figures are read, each with the commit in its last column", () => {
  const markdown = figures("| S1 quality | 1 | 2 | `b451ec1` |", "| waiting, last answer | 1 | 2 | |");
  expect(figureRows(markdown)).toEqual([
    { what: "S1 quality", commit: "b451ec1" },
    { what: "waiting, last answer", commit: null },
  ]);
});

test("a row is stale once a commit has touched the code it is about, and only then", () => {
  const { folder, names } = history(
    { "src/service/commit/a.ts": "1" },
    { "src/adapters/metrics/b.ts": "1" },
    { "src/service/commit/a.ts": "2" },
  );
  const rows = (commit: string) => figures(`| S1 quality | 1 | 2 | \`${commit}\` |`, `| S4 | 1 | 2 | \`${commit}\` |`);
  expect(staleFigures(folder, rows(names[0]!))).toEqual([
    `S1 quality: measured on ${names[0]}; commits since that touch what it measures: 1, the last: ${names[2]} change 2`,
    `S4: measured on ${names[0]}; commits since that touch what it measures: 1, the last: ${names[1]} change 1`,
  ]);
  expect(staleFigures(folder, rows(names[1]!)).map((line) => line.split(":")[0])).toEqual(["S1 quality"]);
  expect(staleFigures(folder, rows(names[2]!))).toEqual([]);
});

test("a row without a commit, with one that is not here, or of no known bench is named", () => {
  const { folder, names } = history({ "a.ts": "1" });
  const rows = ["| S2 run | 1 | 2 | |", "| S3 mixed | 1 | 2 | `abcdef1` |", `| S99 | 1 | 2 | \`${names[0]}\` |`];
  expect(staleFigures(folder, figures(...rows))).toEqual([
    "S2 run: the row names no commit",
    "S3 mixed: there is no commit abcdef1 here",
    "S99: bench/lib/stale-figures.mjs does not say which code it measures",
  ]);
});

test("every row of docs/benchmarks.md belongs to code that is there", () => {
  for (const paths of Object.values(MEASURED)) {
    for (const file of paths) expect(existsSync(path.join(root, file)), file).toBe(true);
  }
  const rows = figureRows(readFileSync(path.join(root, "docs/benchmarks.md"), "utf8"));
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter(({ what }) => !(what.split(/[ ,]/)[0]! in MEASURED))).toEqual([]);
});
