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

interface Connection {
  share: Waiting;
  /** When it began to wait for its peer. */
  since: number;
  /** Its request is worked on. */
  working: boolean;
}

/** The connections of a share; the one that waits longest comes first. */
type Waiting = Map<Socket, Connection>;

/** A request needs a moment to arrive: many may connect on the same minute, and none is late yet. Milliseconds. */
const GRACE = 1_000;

/**
 * Bounds open connections without turning anybody away: where there are too many, those that wait for their peer (for headers, a
 * body or the next request) are closed, the longest waiting first. So whoever opens thousands loses these, and a newcomer behind
 * the same address gets through. One whose request is worked on is never closed. What it answers is told of each request that
 * has been answered.
 */
export function limitConnections(app: FastifyInstance, limits: ConnectionLimits): (request: FastifyRequest) => void {
  const shares = new Map<string, Waiting>();
  const connections = new WeakMap<Socket, Connection>();
  let open = 0;

  app.server.on("connection", (socket: Socket) => {
    const own = limits.shareOf(socket);
    const name = own ?? "";
    const share: Waiting = shares.get(name) ?? new Map();
    shares.set(name, share);
    const connection = { share, since: performance.now(), working: false };
    share.set(socket, connection);
    connections.set(socket, connection);
    open++;
    socket.once("close", () => {
      if (share.delete(socket)) open--;
      if (share.size === 0 && shares.get(name) === share) shares.delete(name);
    });
    if (own !== null) while (share.size > limits.connections_per_address && closeOne(share, socket, GRACE));
    if (open > limits.connections && !closeOne(largest(shares), socket, 0)) close(share, socket);
  });

  app.addHook("preHandler", (request, _reply, done) => {
    const connection = connections.get(request.raw.socket);
    if (connection !== undefined) connection.working = true;
    done();
  });
  return ({ raw: { socket } }) => {
    const connection = connections.get(socket);
    if (connection === undefined) return;
    connection.working = false;
    // Waits from now on, so behind those who wait already.
    if (!connection.share.delete(socket)) return;
    connection.since = performance.now();
    connection.share.set(socket, connection);
  };

  /** Of those that have waited for longer than `grace`; false: there is none. */
  function closeOne(share: Waiting, newcomer: Socket, grace: number): boolean {
    for (const [socket, { since, working }] of share) {
      if (socket === newcomer || working) continue;
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
