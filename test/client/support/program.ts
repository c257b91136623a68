import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Program {
  readonly child: ChildProcess;
  readonly stdout: string;
  /** Resolves once standard output holds the text. */
  says(text: string): Promise<void>;
  ended: Promise<Ended>;
}

const PROGRAMS = path.resolve(import.meta.dirname, "../programs");

/** Starts a program of test/client/programs, a pipeline in a process of its own. */
export function startPipeline(name: string, env: Record<string, string>, prefix: readonly string[] = []): Program {
  const [command = "", ...args] = [...prefix, process.execPath, path.join(PROGRAMS, name)];
  const { PATH = "", HOME = "/" } = process.env;
  const child = spawn(command, args, { env: { PATH, HOME, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  }
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, ...output }) as Ended);
  return {
    child,
    ended,
    get stdout() {
      return output.stdout;
    },
    async says(text) {
      while (!output.stdout.includes(text)) {
        if (child.exitCode !== null) throw new Error(`ended without saying ${text}: ${JSON.stringify(output)}`);
        await Promise.race([once(child.stdout, "data"), ended]);
      }
    },
  };
}

export const runPipeline = (name: string, env: Record<string, string>, prefix?: readonly string[]): Promise<Ended> =>
  startPipeline(name, env, prefix).ended;
