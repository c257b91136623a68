import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ROOT } from "../rules/shipped-rules.ts";

interface Step {
  instruction: string;
  text: string;
}

/** The Dockerfile's stages, each a list of its steps. */
const STAGES: Step[][] = [];
const lines = readFileSync(path.join(ROOT, "Dockerfile"), "utf8")
  .replace(/\\\n\s*/g, "")
  .split("\n");
for (const line of lines.filter((line) => line !== "" && !line.startsWith("#"))) {
  const [instruction = "", ...rest] = line.split(" ");
  if (instruction === "FROM") STAGES.push([]);
  STAGES.at(-1)!.push({ instruction, text: rest.join(" ") });
}

const NAMES = STAGES.map(([from]) => from!.text.split(" AS ")[1] ?? "the agent");
const textOf = (stage: Step[], wanted: string) =>
  stage.filter(({ instruction }) => instruction === wanted).map(({ text }) => text);

test("there is a stage that builds, the demo's, and the agent's, which is the last", () => {
  expect(NAMES).toEqual(["build", "demo", "the agent"]);
});

test("every stage begins with the same version of Node, which the product runs on", () => {
  const images = new Set(STAGES.map(([from]) => from!.text.split(" ")[0]));
  expect([...images]).toEqual([expect.stringMatching(/^node:\d+\.\d+\.\d+-[a-z]+-slim$/)]);
});

test("what is copied is there, and is let in by .dockerignore", () => {
  const allowed = readFileSync(path.join(ROOT, ".dockerignore"), "utf8").split("\n");
  expect(allowed[0]).toBe("*");
  const copied = STAGES.flatMap((stage) => textOf(stage, "COPY")).filter((text) => !text.startsWith("--from"));
  for (const source of copied.flatMap((text) => text.split(" ").slice(0, -1))) {
    expect(existsSync(path.join(ROOT, source)), source).toBe(true);
    expect(allowed).toContain(`!${source}`);
  }
});

test("nothing runs as root, and the agent says how it is", () => {
  for (const stage of STAGES.slice(1)) expect(textOf(stage, "USER")).toEqual(["node"]);
  const agent = STAGES.at(-1)!;
  expect(textOf(agent, "HEALTHCHECK")[0]).toContain("http://127.0.0.1:9877/healthz");
  expect(textOf(agent, "ENTRYPOINT")).toEqual(['["node", "dist/main.js"]']);
  expect(textOf(agent, "ENV").join()).toContain("SLUICE_LISTEN=0.0.0.0:9877");
});

test("the build takes what it needs before it throws the tools away", () => {
  const runs = textOf(STAGES[0]!, "RUN");
  expect(runs).toEqual(["npm ci --include=dev --include=optional", "node scripts/build.mjs && npm prune --omit=dev"]);
});

/** A folder with what a stage copies from the clone, and nothing else of it. */
function workdirOf(stage: Step[]): string {
  const directory = mkdtempSync(path.join(tmpdir(), "sluice-image-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const text of textOf(stage, "COPY")) {
    const paths = text.split(" ").filter((word) => !word.startsWith("--"));
    const target = paths.pop()!;
    for (const source of paths) {
      const inside = target === "./" ? path.basename(source) : target;
      cpSync(path.join(ROOT, path.relative("/app", path.resolve("/app", source))), path.join(directory, inside), {
        recursive: true,
      });
    }
  }
  return directory;
}

function node(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return stdout;
}

test("what the first stage copies is enough to build the agent", { timeout: 600_000 }, () => {
  const workdir = workdirOf(STAGES[0]!);
  symlinkSync(path.join(ROOT, "node_modules"), path.join(workdir, "node_modules"));
  node(workdir, "scripts/build.mjs");
  expect(node(workdir, "dist/main.js", "--help")).toContain("serve");
});

test("what the demo's stage copies is enough to start the demo", () => {
  expect(node(workdirOf(STAGES[1]!), "examples/flights/demo.mjs", "--help")).toContain("SLUICE_URL");
});
