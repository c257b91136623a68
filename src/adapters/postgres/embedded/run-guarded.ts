import { once } from "node:events";
import path from "node:path";
import { eager } from "../../../ports/eager.ts";
import { type GuardedProcessOptions, startGuarded } from "./guarded-process.ts";
import { tailOutput } from "./output-tail.ts";
import { settlesWithin } from "./settles-within.ts";
import { StartupError } from "./startup-error.ts";
import type { Watcher } from "./watcher.ts";

/** Runs one step of creating a cluster to its end; it too dies with the agent. */
export async function runGuarded(watcher: Watcher, options: GuardedProcessOptions, timeoutMs: number): Promise<void> {
  const { child } = await startGuarded(watcher, options);
  const tail = tailOutput(child.stderr!);
  const closed = eager(once(child, "close"));
  const inTime = await settlesWithin(closed, timeoutMs);
  if (!inTime) child.kill("SIGKILL");
  const [code] = (await closed) as [number | null];
  await watcher.forget();
  if (code === 0) return;

  const step = path.basename(options.program);
  const output = tail.lines().join("\n");
  if (isNotRunnable(code)) throw notRunnable(options.program, output);
  const problem = inTime ? `failed (exit status ${code})` : `did not finish within ${timeoutMs} ms`;
  throw new StartupError("initdb_failed", `Creating the database failed: ${step} ${problem}:\n${output}`);
}

/** The shell's own answers: found but not runnable, or not found (also the loader's, when a library is missing). */
export function isNotRunnable(code: number | null): boolean {
  return code === 126 || code === 127;
}

export function notRunnable(program: string, output: string): StartupError {
  return new StartupError(
    "embedded_postgres_unavailable",
    `The embedded PostgreSQL does not run on this system (${program}). It needs glibc and libstdc++, and a disk mounted without noexec. Set DATABASE_URL to a PostgreSQL server instead. It said:\n${output}`,
  );
}
