import type { Socket } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";

export interface ConnectionLimits {
  /** Open at once, of everybody. */
  connections: number;
  /** Open at once for each address. */
  connections_per_address: number;
  /** What has one share of connections; null: no share, as a trusted proxy brings everybody's. */
  shareOf: (socket: Socket) => string | null;
}

/** The connections of a share, each with when it began to wait for its peer; the one that waits longest comes first. */
type Waiting = Map<Socket, number>;

/** A request needs a moment to arrive: many may connect on the same minute, and none is late yet. Milliseconds. */
const GRACE = 1_000;

/**
 * Bounds open connections without turning anybody away: where there are too many, those that wait for their peer (for headers, a
 * body or the next request) are closed, the longest waiting first. So whoever opens thousands loses these, and a newcomer behind
 * the same address gets through. One whose request is worked on is never closed.
 */
export function limitConnections(app: FastifyInstance, limits: ConnectionLimits): void {
  const shares = new Map<string, Waiting>();
  const shareBySocket = new WeakMap<Socket, Waiting>();
  const working = new WeakSet<Socket>();
  let open = 0;

  app.server.on("connection", (socket: Socket) => {
    const own = limits.shareOf(socket);
    const name = own ?? "";
    const share: Waiting = shares.get(name) ?? new Map();
    shares.set(name, share);
    share.set(socket, performance.now());
    shareBySocket.set(socket, share);
    open++;
    socket.once("close", () => {
      if (share.delete(socket)) open--;
      if (share.size === 0 && shares.get(name) === share) shares.delete(name);
    });
    if (own !== null) while (share.size > limits.connections_per_address && closeOne(share, socket, GRACE));
    if (open > limits.connections && !closeOne(largest(shares), socket, 0)) close(share, socket);
  });

  app.addHook("preHandler", (request: FastifyRequest, _reply, done) => {
    working.add(request.raw.socket);
    done();
  });
  app.addHook("onResponse", (request, _reply, done) => {
    const { socket } = request.raw;
    const share = shareBySocket.get(socket);
    working.delete(socket);
    // Waits from now on, so behind those who wait already.
    if (share?.delete(socket)) share.set(socket, performance.now());
    done();
  });

  /** Of those that have waited for longer than `grace`; false: there is none. */
  function closeOne(share: Waiting, newcomer: Socket, grace: number): boolean {
    for (const [socket, since] of share) {
      if (socket === newcomer || working.has(socket)) continue;
      if (performance.now() - since < grace) return false;
      close(share, socket);
      return true;
    }
    return false;
  }

  function close(share: Waiting, socket: Socket): void {
    if (share.delete(socket)) open--;
    socket.destroy();
  }
}

function largest(shares: ReadonlyMap<string, Waiting>): Waiting {
  let most: Waiting = new Map();
  for (const share of shares.values()) if (share.size > most.size) most = share;
  return most;
}
