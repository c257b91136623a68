// npm run bench: lists the benches. npm run bench -- s1 s3 [--flags]: runs these, one after the other. npm run bench -- --check:
// which figures of docs/benchmarks.md are older than the code that they are about.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundlePrograms } from "./lib/bundle.mjs";
import { staleFigures } from "./lib/stale-figures.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const benches = readdirSync(join(root, "bench"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3))
  .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
const args = process.argv.slice(2);
const firstFlag = args.findIndex((arg) => arg.startsWith("-"));
const names = firstFlag === -1 ? args : args.slice(0, firstFlag);
const flags = firstFlag === -1 ? [] : args.slice(firstFlag);

if (names.length === 0 && flags.includes("--check")) {
  const stale = staleFigures(root, readFileSync(join(root, "docs/benchmarks.md"), "utf8"));
  for (const line of stale) process.stdout.write(`${line}\n`);
  process.stdout.write(`${stale.length} rows of docs/benchmarks.md are to be measured again\n`);
  process.exit(stale.length > 0 ? 1 : 0);
}

const unknown = names.filter((name) => !benches.includes(name));
if (names.length === 0 || unknown.length > 0) {
  for (const name of unknown) process.stderr.write(`there is no bench ${name}\n`);
  for (const name of benches) process.stdout.write(`${name.padEnd(10)} ${purposeOf(name)}\n`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

// Beside node_modules, so that packages are found from there.
const cache = join(root, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const work = mkdtempSync(join(cache, "bench-"));
try {
  await bundlePrograms(root, work, names);
  for (const name of names) {
    const code = await run(join(work, "bench", `${name}.mjs`));
    if (code !== 0) process.exitCode = code;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The first doc comment of a bench says what it measures. */
function purposeOf(name) {
  const text = readFileSync(join(root, "bench", `${name}.ts`), "utf8");
  return /\/\*\*\s*(.*?)\s*\*\//s.exec(text)?.[1].replaceAll(/\s*\n\s*\*\s*/g, " ") ?? "";
}

function run(program) {
  const env = { ...process.env, BENCH_PROGRAMS: join(work, "programs") };
  // --expose-gc: benches that weigh memory inside their own process settle it first.
  const child = spawn(process.execPath, ["--expose-gc", "--enable-source-maps", program, ...flags], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}
