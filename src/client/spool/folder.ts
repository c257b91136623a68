import type { NodeHost } from "../host/node-host.ts";

/** The spool's directory unless told: XDG's place for state, which outlives a restart and is nobody else's. */
export function spoolDirectory({ os, path, process }: NodeHost, given: string | undefined): string {
  if (given !== undefined) return path.resolve(given);
  const state = process.env.XDG_STATE_HOME || path.join(os.homedir(), ".local", "state");
  return path.join(state, "sluice", "spool");
}

/** One folder a destination, so that reports never go to another agent, nor under another key. */
export function destinationName({ crypto }: NodeHost, url: string, apiKey: string | null): string {
  return crypto
    .createHash("sha256")
    .update(`${url}\n${apiKey ?? ""}`)
    .digest("hex")
    .slice(0, 16);
}
