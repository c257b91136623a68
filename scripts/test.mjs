// npm test: everything the tests need, then lint, types and tests. `npm test -- <arguments>` goes to vitest alone.
import { join } from "node:path";
import { ensureDebianPackages } from "./lib/apt.mjs";
import { fail, prepare, say } from "./lib/prepare.mjs";
import { root } from "./lib/root.mjs";
import { run } from "./lib/run.mjs";
import { closingLine } from "./lib/test-summary.mjs";
import { isGood, runVitest } from "./lib/vitest.mjs";

const args = process.argv.slice(2);
// Not production mode, in which some libraries leave out what tests need.
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

const ended = await runVitest(args, { env });
if (ended.counts.passed + ended.counts.failed === 0) failures.push("no test ran");
else if (!isGood(ended)) failures.push("vitest run");

if (failures.length > 0) process.stdout.write(`\nfailed: ${failures.join(", ")}\n`);
process.stdout.write(`\n${closingLine(ended.counts)}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
