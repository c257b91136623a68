import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

export interface ProgramResult {
  /** `undefined` when a signal ended it. */
  code: number | undefined;
  output: string;
}

/** Runs a short program to its end. Rejects only when it cannot be spawned (ENOENT, EACCES). */
export async function runProgram(
  program: string,
  args: string[],
  options: Pick<SpawnOptions, "uid" | "gid"> = {},
  inheritedFd?: number,
): Promise<ProgramResult> {
  const child = spawn(program, args, {
    ...options,
    cwd: "/",
    stdio: ["ignore", "pipe", "ignore", inheritedFd ?? "ignore"],
  });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? undefined, output };
}
