import { createServer } from "node:net";
import { formatAddress } from "../../config.ts";
import { type AgentPlace, bad, type Finding, ok } from "./finding.ts";

/** Whether the agent could listen where it is told to, or does already. */
export async function checkListen({ config: { listen } }: AgentPlace): Promise<Finding[]> {
  const address = formatAddress(listen);
  const code = await listenError(listen.host, listen.port);
  if (code === null) return [ok("port", `${address} is free`)];
  if (code === "EADDRINUSE") {
    if (await isAgent(listen)) return [ok("port", `an agent listens on ${address} already`)];
    return [
      bad("port", `${address} is in use by another program`, "stop that, or set SLUICE_LISTEN to another address"),
    ];
  }
  const mend = code === "EACCES" ? "use a port from 1024 on" : "set SLUICE_LISTEN to an address of this machine";
  return [bad("port", `${address} cannot be listened on (${code})`, mend)];
}

function listenError(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

async function isAgent({ host, port }: { host: string; port: number }): Promise<boolean> {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const url = `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}/healthz`;
  try {
    const answer: unknown = await (await fetch(url, { signal: AbortSignal.timeout(3000) })).json();
    return typeof answer === "object" && answer !== null && "status" in answer && answer.status === "ok";
  } catch {
    return false;
  }
}
