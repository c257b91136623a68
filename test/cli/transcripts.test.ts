import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { installed } from "./installed.ts";
import { normalised, readTranscript, type Step } from "./transcript.ts";

const FOLDER = fileURLToPath(new URL("transcripts", import.meta.url));
const DOC = fileURLToPath(new URL("../../docs/cli.md", import.meta.url));

const program = await installed();
const agent = await testAgentOf(await testServer());

/** A step that hangs is told as the step, not as the test. */
const STEP_MS = 60_000;

/** What a person would see, standard error and standard output in the order in which they come. */
function replay({ command }: Step, directory: string): Promise<{ said: string; exit_code: number }> {
  const env = { ...program.env, SLUICE_URL: `http://127.0.0.1:${agent.port}` };
  return new Promise((resolve) => {
    execFile("bash", ["-c", `exec 2>&1\n${command}`], { cwd: directory, env, timeout: STEP_MS }, (error, said) => {
      const { code } = (error ?? { code: 0 }) as { code?: number | string };
      resolve({ said, exit_code: typeof code === "number" ? code : -1 });
    });
  });
}

function replays(name: string, steps: Step[]): void {
  test(`${name} says what it said before`, { timeout: 120_000 }, async () => {
    expect(steps.length).toBeGreaterThan(0);
    const directory = path.join(program.directory, name);
    mkdirSync(directory);
    for (const step of steps) {
      const { said, exit_code } = await replay(step, directory);
      const output = normalised(said, step.output);
      expect({ line: step.line, command: step.command, output, exit_code }).toEqual(step);
    }
  });
}

describe("a transcript", () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".txt"))) {
    replays(file, readTranscript(readFileSync(path.join(FOLDER, file), "utf8")));
  }
});

describe("docs/cli.md", () => {
  const blocks = [...readFileSync(DOC, "utf8").matchAll(/```console\n([\s\S]*?)```/g)].map((match) => match[1]!);
  replays("cli.md", blocks.flatMap(readTranscript));
});
