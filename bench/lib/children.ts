import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** The processes this bench started; none outlives it. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

export interface Child {
  readonly pid: number;
  readonly running: boolean;
  /** How it ended: an exit code or a signal. */
  readonly ending: string | null;
  /** What it wrote to standard error, the last of it. */
  readonly errors: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const KEPT = 20_000;

export function startChild(command: string, args: readonly string[], options: SpawnOptions = {}): Child {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-KEPT);
  });
  running.add(child);
  let ending: string | null = null;
  child.once("exit", (code, signal) => {
    ending = signal ?? `code ${code}`;
    running.delete(child);
  });
  child.once("error", (error) => {
    errors += String(error);
    running.delete(child);
  });
  return {
    pid: child.pid ?? -1,
    get running() {
      return running.has(child);
    },
    get ending() {
      return ending;
    },
    get errors() {
      return errors;
    },
    async stop(signal = "SIGTERM") {
      if (!running.has(child)) return;
      const exited = once(child, "exit");
      child.kill(signal);
      await exited;
    },
  };
}

export function startNode(program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Child {
  const flags = (process.env.BENCH_NODE_FLAGS ?? "").split(" ").filter((flag) => flag !== "");
  return startChild(process.execPath, [...flags, program, ...args], { env: { ...process.env, ...env } });
}

/** Runs a program to its end; its standard output. */
export async function outputOf(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  let text = "";
  child.stdout!.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number | null];
  running.delete(child);
  if (code !== 0) throw new Error(`${command} ended with code ${code}`);
  return text;
}

/** Resident memory of one process, MB. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}
