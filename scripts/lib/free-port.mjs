import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * A port of loopback that nobody listens on, for a program that begins to do so later. It is below the ports that the
 * system gives to whoever asks for any (32768 and up on Linux, 49152 elsewhere), so that no other program is given it
 * in between, or while the one it is for starts again.
 */
export async function freePort() {
  for (let tries = 0; tries < 100; tries++) {
    const port = await listenable(randomInt(10_000, 32_000));
    if (port !== null) return port;
  }
  throw new Error("a hundred ports between 10000 and 32000 are taken");
}

/** The given port of loopback where it is free, else null. */
export function listenable(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}
