import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  /** undefined: it was not JSON. */
  body: unknown;
}

/** What to answer; a function may hold the answer back. */
export type Behaviour =
  | { status: number; headers?: Record<string, string>; body?: string }
  | ((received: Received, response: ServerResponse) => void | Promise<void>);

/** A real HTTP server that does as it is told, and remembers what it was sent. */
export interface ToldServer {
  url: string;
  received: Received[];
  /** What it does from now on. */
  behave(behaviour: Behaviour): void;
  stop(): Promise<void>;
}

export const OK: Behaviour = { status: 200, body: "ok" };

export async function toldServer(first: Behaviour = OK, port = 0): Promise<ToldServer> {
  let behaviour = first;
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const got = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        text,
        body: parsed(text),
      };
      received.push(got);
      if (typeof behaviour === "function") return void behaviour(got, response);
      response.writeHead(behaviour.status, { "content-type": "application/json", ...behaviour.headers });
      response.end(behaviour.body ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behave: (next) => {
      behaviour = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
