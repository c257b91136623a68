import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import { startAgent, testServer } from "../support/agent.ts";
import { edgeOf } from "./edge.ts";
import { installed } from "./installed.ts";
import { normalised, plainWords, readTranscript, type Step } from "./transcript.ts";

const FOLDER = fileURLToPath(new URL("transcripts", import.meta.url));
const DOC = fileURLToPath(new URL("../../docs/cli.md", import.meta.url));

const program = await installed();
const server = await testServer();

/** A step that hangs is told as the step, not as the test. */
const STEP_MS = 120_000;

interface Said {
  said: string;
  exit_code: number;
}

/** What a person would see, standard error and standard output in the order in which they come. */
function replay({ command }: Step, directory: string, port: number): Promise<Said> {
  const env = { ...program.env, SLUICE_URL: `http://127.0.0.1:${port}` };
  const [name, ...args] = plainWords(command) ?? [];
  // A wrapped command needs a process around it; everything else that needs no shell saves itself a start.
  return name === "sluice" && args[0] !== "exec"
    ? replayHere(args, directory, env)
    : replayInShell(command, directory, env);
}

async function replayHere(args: string[], directory: string, env: Record<string, string>): Promise<Said> {
  let said = "";
  const say = (text: string) => {
    said += `${text}\n`;
  };
  // The home directory is this process' own.
  const own = { ...env, SLUICE_SPOOL_DIR: `${directory}/.spool` };
  const exit_code = await run(args, edgeOf(directory, own, say, say));
  return { said, exit_code };
}

function replayInShell(command: string, directory: string, env: Record<string, string>): Promise<Said> {
  return new Promise((resolve) => {
    const options = { cwd: directory, env, timeout: STEP_MS };
    execFile("bash", ["-c", `exec 2>&1\n${command}`], options, (error, said) => {
      const { code } = (error ?? { code: 0 }) as { code?: number | string };
      resolve({ said, exit_code: typeof code === "number" ? code : -1 });
    });
  });
}

/** Each has an agent of its own, of which nobody else knows. */
function replays(name: string, steps: Step[]): void {
  test(`${name} says what it said before`, { timeout: 600_000 }, async () => {
    expect(steps.length).toBeGreaterThan(0);
    const directory = path.join(program.directory, name);
    mkdirSync(directory);
    const agent = await startAgent(server);
    onTestFinished(() => agent.stop());
    for (const step of steps) {
      const { said, exit_code } = await replay(step, directory, agent.port);
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
