import type { Edge } from "../../src/cli/edge.ts";
import { run } from "../../src/cli/run.ts";

export interface Ran {
  code: number;
  out: string;
  err: string;
}

type Say = (text: string) => void;

/** A process with these variables alone, and no terminal. */
export function edgeOf(directory: string, env: Record<string, string>, out: Say, err: Say): Edge {
  return {
    env,
    directory,
    out,
    err,
    terminal: { out: false, err: false },
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    stopRequested: () => new Promise(() => {}),
    onCrash: () => {},
    onReload: () => () => {},
  };
}

/** Runs a command line inside this process. */
export async function sluice(
  args: string[],
  directory: string,
  env: Record<string, string> = {},
  on_terminal = false,
): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const into = (lines: string[]) => (text: string) => void lines.push(`${text}\n`);
  const edge = edgeOf(directory, env, into(out), into(err));
  const code = await run(args, { ...edge, terminal: { out: on_terminal, err: on_terminal } });
  return { code, out: out.join(""), err: err.join("") };
}
