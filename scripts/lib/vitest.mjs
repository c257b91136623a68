import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { summarize } from "./test-summary.mjs";

/** Runs vitest under this Node program; resolves to `{ code, counts }`. Without a report of vitest's all counts are 0. */
export async function runVitest(args, { node = process.execPath, env = process.env } = {}) {
  const work = mkdtempSync(join(tmpdir(), "sluice-test-"));
  const reportFile = join(work, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  try {
    const command = [join(root, "node_modules/vitest/vitest.mjs"), "run", ...reporters, ...args];
    const code = await run(node, command, { cwd: root, env });
    return { code, counts: readCounts(reportFile) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function readCounts(file) {
  try {
    return summarize(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    process.stderr.write(`vitest left no report: ${error.message}\n`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** Whether all that ran has passed, and something ran. */
export function isGood({ code, counts }) {
  return code === 0 && counts.failed === 0 && counts.passed > 0;
}
