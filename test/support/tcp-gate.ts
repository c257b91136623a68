import net from "node:net";

/** A way to a server that can be shut: nothing comes through then, and nobody is told. */
export interface TcpGate {
  port: number;
  shut(): void;
  open(): void;
  close(): void;
}

export async function tcpGate(to: { host: string; port: number } | { path: string }): Promise<TcpGate> {
  const pairs = new Set<[net.Socket, net.Socket]>();
  let isShut = false;
  const apply = ([a, b]: [net.Socket, net.Socket]) => {
    for (const socket of [a, b]) isShut ? socket.pause() : socket.resume();
  };
  const server = net.createServer((near) => {
    const far = net.connect(to as net.NetConnectOpts);
    const pair: [net.Socket, net.Socket] = [near, far];
    pairs.add(pair);
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (data) => into.write(data));
      from.on("error", () => into.destroy());
      from.on("close", () => {
        into.destroy();
        pairs.delete(pair);
      });
    }
    apply(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const set = (shut: boolean) => {
    isShut = shut;
    for (const pair of pairs) apply(pair);
  };
  return {
    port: (server.address() as net.AddressInfo).port,
    shut: () => set(true),
    open: () => set(false),
    close() {
      server.close();
      for (const [a, b] of pairs) {
        a.destroy();
        b.destroy();
      }
    },
  };
}
