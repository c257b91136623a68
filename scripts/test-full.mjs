// npm run test:full [-- names]: what npm test shows on one machine's versions, shown on the others that are supported.
// A name is a part (`postgres-16`), or what several begin with (`node`).
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDebianPackages } from "./lib/apt.mjs";
import { fail, prepare, say } from "./lib/prepare.mjs";
import { closingLine } from "./lib/test-summary.mjs";
import { variants } from "./lib/test-variants.mjs";
import { isGood, runVitest } from "./lib/vitest.mjs";

await prepare();
await ensureDebianPackages({ say }).catch((error) => fail(error.message));

const parts = variants();
const wanted = process.argv.slice(2);
const isWanted = ({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start));
const unknown = wanted.filter((start) => !parts.some(({ name }) => name.startsWith(start)));
if (unknown.length > 0)
  fail(`there is no part ${unknown.join(", ")}; there are ${parts.map(({ name }) => name).join(", ")}`);

const total = { passed: 0, failed: 0, skipped: 0 };
const table = [];
for (const part of parts.filter(isWanted)) {
  const started = performance.now();
  const { good, counts } = await runPart(part);
  for (const key of Object.keys(total)) total[key] += counts[key];
  const seconds = Math.round((performance.now() - started) / 1000);
  table.push(
    `${part.name.padEnd(12)} ${good ? "ok    " : "FAILED"} ${String(seconds).padStart(5)} s  ${closingLine(counts)}`,
  );
  if (!good) process.exitCode = 1;
}
process.stdout.write(`\n${table.join("\n")}\n\n${closingLine(total)}\n`);

async function runPart({ name, args, prepare: fetched }) {
  const folder = mkdtempSync(join(tmpdir(), `sluice-${name}-`));
  // Under root, servers run as another user, who needs access to the directory.
  chmodSync(folder, 0o755);
  say(`\n── ${name} ──`);
  try {
    const { node, env } = await fetched(folder);
    const ended = await runVitest(args, { node, env: { ...process.env, NODE_ENV: "test", ...env } });
    return { good: isGood(ended), counts: ended.counts };
  } catch (error) {
    say(`${name}: ${error.message}`);
    return { good: false, counts: { passed: 0, failed: 0, skipped: 0 } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
