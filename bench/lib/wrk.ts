import { outputOf } from "./children.ts";

export interface WrkOptions {
  url: string;
  /** A Lua script of bench/load. */
  script: string;
  connections: number;
  seconds: number;
  /** Given to the script. */
  args?: readonly (string | number)[];
}

export interface WrkResult {
  /** Answers that were no errors, and how many of them a second. */
  requests: number;
  rate: number;
  errors: number;
  p50_ms: number;
  p99_ms: number;
}

/** Load from one thread: the machine's other core is for what is measured. */
export async function wrk({ url, script, connections, seconds, args = [] }: WrkOptions): Promise<WrkResult> {
  const output = await outputOf("wrk", [
    ...["--threads", "1", "--connections", String(connections), "--duration", `${seconds}s`, "--timeout", "30s"],
    ...["--script", `bench/load/${script}.lua`, url, "--", ...args.map(String)],
  ]);
  const json = /^RESULT (.*)$/m.exec(output)?.[1];
  if (json === undefined) throw new Error(`wrk said:\n${output}`);
  const { requests, errors, microseconds, p50, p99 } = JSON.parse(json) as Record<string, number>;
  return {
    requests: requests! - errors!,
    rate: (requests! - errors!) / (microseconds! / 1e6),
    errors: errors!,
    p50_ms: p50! / 1000,
    p99_ms: p99! / 1000,
  };
}
