import { type ChildProcess, spawn } from "node:child_process";

export interface Executed {
  code: number | null;
  out: string;
  err: string;
}

export interface Execution {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

const running = new Set<ChildProcess>();

/** Runs a program to its end. */
export function execute(program: string, args: readonly string[], { cwd, env }: Execution = {}): Promise<Executed> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      running.delete(child);
      resolve({ code, out, err });
    });
  });
}

/** The same, for a program that is to end well. */
export async function succeed(program: string, args: readonly string[], execution: Execution = {}): Promise<string> {
  const { code, out, err } = await execute(program, args, execution);
  if (code === 0) return out;
  throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${out}\n${err}`);
}

/** What a test that ran out of time left running. */
export function killLeftOvers(): void {
  for (const child of running) child.kill("SIGKILL");
}
