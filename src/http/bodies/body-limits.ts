import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { SluiceError } from "../../errors.ts";
import { BodyReading } from "./body-reading.ts";
import { BodyShares, type Hold } from "./body-shares.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Bytes of one body, unpacked, where that is less than for all routes. */
    body_bytes?: number;
  }
  interface FastifyInstance {
    /** For parsers of content types: the whole body, unpacked. */
    readBytes: ReadBytes;
  }
  interface FastifyRequest {
    /** The room that its body takes; null: it has none. */
    hold: Hold | null;
  }
}

export type ReadBytes = (
  request: FastifyRequest,
  payload: Readable,
  done: (error: Error | null, bytes: Buffer) => void,
) => void;

export interface BodyLimits {
  /** Bytes of one body, unpacked. */
  body: number;
  /** Bytes of all bodies that are being taken or worked on, unpacked. */
  in_flight: number;
  /** Who has a share: the API key, else the address. */
  ownerOf: (request: FastifyRequest) => string;
}

/**
 * Reads and unpacks bodies, and bounds their memory: each by itself, and all together, so that many large ones at once do no
 * harm. What it answers releases the room of a request that has been answered.
 */
export function limitBodies(app: FastifyInstance, limits: BodyLimits): (request: FastifyRequest) => void {
  const shares = new BodyShares(limits.in_flight);
  const holdsBySocket = new WeakMap<Socket, Set<Hold>>();
  app.decorateRequest("hold", null);
  app.decorate("readBytes", (request, payload, done) => {
    const most = Math.min(limits.body, request.route?.config.body_bytes ?? limits.body);
    const take = (bytes: number) => {
      if (hold.bytes + bytes > most) throw new SluiceError("body_too_large", `the body is larger than ${most} bytes`);
      if (!shares.take(hold, bytes, performance.now())) {
        throw noRoom("the agent holds as many request bodies as it may; send it again");
      }
    };
    const reading = new BodyReading(request, payload, take, (error, bytes) => {
      if (error === null) shares.complete(hold);
      done(error, bytes);
    });
    const hold: Hold = {
      owner: limits.ownerOf(request),
      bytes: 0,
      since: performance.now(),
      complete: false,
      drop: () => reading.fail(noRoom("the body came too slowly while others needed the room; send it again")),
    };
    request.hold = hold;
    holdsOf(request.raw.socket).add(hold);
    reading.start(limits.body);
  });
  // After the time to arrive nobody waits for the rest: the connection may stay half open for as long as its peer likes.
  app.server.on("clientError", (_error: Error, socket: Socket) => {
    for (const hold of holdsBySocket.get(socket) ?? []) if (!hold.complete) shares.release(hold);
  });
  return ({ hold, raw }) => {
    if (hold === null) return;
    shares.release(hold);
    holdsBySocket.get(raw.socket)?.delete(hold);
  };

  /** Of the requests of a connection, which are never answered where it ends first. */
  function holdsOf(socket: Socket): Set<Hold> {
    let holds = holdsBySocket.get(socket);
    if (holds === undefined) {
      holds = new Set();
      holdsBySocket.set(socket, holds);
      const all = holds;
      socket.once("close", () => {
        for (const hold of all) shares.release(hold);
      });
    }
    return holds;
  }
}

/** The answer closes the connection: what is still to come is of no use. */
function noRoom(detail: string): SluiceError {
  return new SluiceError("queue_full", detail, { retry_after: 1 });
}
