import http from "node:http";
import net from "node:net";
import { afterAll, expect } from "vitest";

/** A load balancer as simple as they come: each new connection goes to the next agent whose /readyz says 200. */
export interface Balancer {
  readonly url: string;
  /** Resolves when it sends to this agent, or no longer does. */
  sends(to: number, does: boolean): Promise<void>;
}

const LOOK_EVERY_MS = 20;

/** Gone after the last test of the file that calls this. */
export async function balancer(ports: readonly number[]): Promise<Balancer> {
  const ready = new Set<number>();
  const sockets = new Set<net.Socket>();
  let turn = 0;
  const looks = ports.map((port) =>
    setInterval(async () => {
      if (await isReady(port)) ready.add(port);
      else ready.delete(port);
    }, LOOK_EVERY_MS),
  );
  const server = net.createServer((near) => {
    const now = [...ready];
    const far = net.connect(now[turn++ % now.length] ?? ports[0]!, "127.0.0.1");
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => into.destroy());
      from.on("close", () => {
        sockets.delete(from);
        into.destroy();
      });
      from.pipe(into);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    for (const look of looks) clearInterval(look);
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    sends: (to, does) => expect.poll(() => ready.has(to), { timeout: 120_000, interval: LOOK_EVERY_MS }).toBe(does),
  };
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ host: "127.0.0.1", port, path: "/readyz", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("error", () => resolve(false));
  });
}
