// npm test: everything the tests need, then lint, types and tests. `npm test -- <arguments>` goes to vitest alone.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDebianPackages } from "./lib/apt.mjs";
import { fail, prepare, say } from "./lib/prepare.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { closingLine, summarize } from "./lib/test-summary.mjs";

const args = process.argv.slice(2);
// Production mode would leave out what some libraries do for tests.
const env = { ...process.env, NODE_ENV: "test" };
const tool = (script, ...rest) =>
  run(process.execPath, [join(root, "node_modules", script), ...rest], { cwd: root, env });

await prepare();
await ensureDebianPackages({ say }).catch((error) => fail(error.message));

const failures = [];
if (args.length === 0) {
  if ((await tool("@biomejs/biome/bin/biome", "check")) !== 0) failures.push("biome check");
  if ((await tool("typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json")) !== 0) failures.push("tsc --noEmit");
}

const work = mkdtempSync(join(tmpdir(), "sluice-test-"));
const reportFile = join(work, "report.json");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
if ((await tool("vitest/vitest.mjs", "run", ...reporters, ...args)) !== 0) failures.push("vitest run");
const counts = readCounts();
rmSync(work, { recursive: true, force: true });
if (counts.passed + counts.failed === 0) failures.push("no test ran");
if (counts.failed > 0 && failures.length === 0) failures.push("vitest run");

if (failures.length > 0) process.stdout.write(`\nfailed: ${failures.join(", ")}\n`);
process.stdout.write(`\n${closingLine(counts)}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;

function readCounts() {
  try {
    return summarize(JSON.parse(readFileSync(reportFile, "utf8")));
  } catch (error) {
    say(`vitest left no report: ${error.message}`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
