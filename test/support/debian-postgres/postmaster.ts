import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { asServerUser, isolated } from "./programs.ts";

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 10;

/** How PostgreSQL is asked to stop: wait for sessions to end, end them, or end without a checkpoint (recovery follows). */
export type StopMode = "smart" | "fast" | "immediate";
const SIGNALS = { smart: "SIGTERM", fast: "SIGINT", immediate: "SIGQUIT" } as const;

/** One running server process over `${folder}/data`, in the foreground of this process. */
export class Postmaster {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  /** Resolves once the server takes connections. */
  static async start(binaries: string, folder: string, settings: Record<string, string | number>): Promise<Postmaster> {
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const { command, args } = asServerUser(join(binaries, "postgres"), ["-D", join(folder, "data"), ...options]);
    const log = openSync(join(folder, "log"), "a");
    const child = spawn(command, args, { ...isolated(folder), stdio: ["ignore", log, log] });
    closeSync(log);
    const postmaster = new Postmaster(child, folder);
    await postmaster.#ready();
    return postmaster;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async stop(mode: StopMode): Promise<void> {
    await this.#end(() => this.#child.kill(SIGNALS[mode]));
  }

  /** The server and all its sessions vanish at one moment. */
  async kill9(): Promise<void> {
    await this.#end(() => {
      // Stopped first, so that it starts no session that the list below would miss.
      this.#child.kill("SIGSTOP");
      const sessions = childrenOf(this.#child.pid!);
      for (const pid of [...sessions, this.#child.pid!]) killHard(pid);
    });
  }

  async #end(signal: () => void): Promise<void> {
    if (!this.running) return;
    const exited = once(this.#child, "exit");
    signal();
    await exited;
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!this.#saysReady()) {
      if (!this.running || Date.now() > deadline) {
        this.#child.kill("SIGKILL");
        throw new Error(`PostgreSQL did not start:\n${readFileSync(join(this.#folder, "log"), "utf8").slice(-2000)}`);
      }
      await sleep(POLL_MS);
    }
  }

  // Line 1 of the file is the process, line 8 its state: what pg_ctl itself waits for.
  #saysReady(): boolean {
    try {
      const lines = readFileSync(join(this.#folder, "data", "postmaster.pid"), "utf8").split("\n");
      return Number(lines[0]) === this.#child.pid && lines[7]?.trim() === "ready";
    } catch {
      return false;
    }
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

function killHard(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}
