import { createServer } from "node:net";

/** The given port where it is free on loopback, else any free one. */
export async function freePort(wanted) {
  return (await listenable(wanted)) ?? (await listenable(0));
}

function listenable(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}
