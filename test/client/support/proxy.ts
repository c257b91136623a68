import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

export interface Received {
  method: string;
  path: string;
  body: string;
  /** Milliseconds. */
  at: number;
}

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, received: Received) => void;

/** A real server in front of an agent that can be told to misbehave, and keeps what it was sent. */
export interface Proxy {
  readonly url: string;
  readonly received: Received[];
  /** From the next request on; null: everything goes to the agent. */
  misbehave(handler: Handler | null): void;
}

export async function startProxy(agentPort: number): Promise<Proxy> {
  const received: Received[] = [];
  let handler: Handler | null = null;
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const one = { method: request.method ?? "", path: request.url ?? "", body, at: Date.now() };
    received.push(one);
    if (handler === null) forward(agentPort, request, body, response);
    else handler(request, response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    misbehave(next) {
      handler = next;
    },
  };
}

/** Hands the request to the agent; `answer` may do something else with what comes back. */
export function forward(
  port: number,
  { method, url, headers }: http.IncomingMessage,
  body: string,
  response: http.ServerResponse,
  answer: (status: number, text: string, headers: http.OutgoingHttpHeaders) => void = (status, text, said) => {
    response.writeHead(status, { "content-type": "application/json", ...said }).end(text);
  },
): void {
  const { host: _, connection: __, "transfer-encoding": ___, ...kept } = headers;
  const length = { "content-length": Buffer.byteLength(body) };
  const to = http.request({ host: "127.0.0.1", port, method, path: url, headers: { ...kept, ...length } }, (from) => {
    let text = "";
    from.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    const contract = from.headers["sluice-contract"];
    const said = contract === undefined ? {} : { "sluice-contract": contract };
    from.on("end", () => answer(from.statusCode ?? 502, text, said));
  });
  to.on("error", () => response.writeHead(502).end());
  to.end(body);
}
