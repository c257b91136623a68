import type { Edge } from "../../src/cli/edge.ts";
import { run } from "../../src/cli/run.ts";

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs a command line inside this process, with these variables alone. */
export async function sluice(args: string[], directory: string, env: Record<string, string> = {}): Promise<Ran> {
  const [out, err]: string[][] = [[], []];
  const edge: Edge = {
    env,
    directory,
    out: (text) => void out!.push(`${text}\n`),
    err: (text) => void err!.push(`${text}\n`),
    stopRequested: () => new Promise(() => {}),
    onReload: () => () => {},
  };
  const code = await run(args, edge);
  return { code, out: out!.join(""), err: err!.join("") };
}
