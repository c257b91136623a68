import type { Socket } from "node:net";
import { PassThrough, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { FastifyInstance, FastifyRequest, HookHandlerDoneFunction, RequestPayload } from "fastify";
import { show } from "../../contract/check.ts";
import { SluiceError } from "../../errors.ts";
import { BodyShares, type Hold } from "./body-shares.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Bytes of one body, unpacked, where that is less than for all routes. */
    body_bytes?: number;
  }
}

/** Up to this a body that is not packed goes to its reader as it comes: it is small enough to be refused as a whole. */
const SMALL = 64 * 1024;

export interface BodyLimits {
  /** Bytes of one body, unpacked. */
  body: number;
  /** Bytes of all bodies that are being taken or worked on, unpacked. */
  in_flight: number;
  /** Who has a share: the API key, else the address. */
  ownerOf: (request: FastifyRequest) => string;
}

/** Unpacks bodies and bounds their memory: each by itself, and all together, so that many large ones at once do no harm. */
export function limitBodies(app: FastifyInstance, limits: BodyLimits): BodyShares {
  const shares = new BodyShares(limits.in_flight);
  const held = new WeakMap<FastifyRequest, Hold>();
  const arriving = new WeakMap<Socket, Hold>();
  const take = (request: FastifyRequest, hold: Hold, bytes: number) => {
    const most = Math.min(limits.body, request.routeOptions.config.body_bytes ?? limits.body);
    if (hold.bytes + bytes > most) throw new SluiceError("body_too_large", `the body is larger than ${most} bytes`);
    if (!shares.take(hold, bytes, performance.now())) {
      throw noRoom("the agent holds as many request bodies as it may; send it again");
    }
  };
  const release = (request: FastifyRequest, done: HookHandlerDoneFunction) => {
    const hold = held.get(request);
    if (hold !== undefined) shares.release(hold);
    done();
  };
  app.addHook("preParsing", (request, _reply, payload, done) => {
    if (!hasBody(request)) return done(null, payload);
    const hold: Hold = {
      owner: limits.ownerOf(request),
      bytes: 0,
      since: performance.now(),
      complete: false,
      drop: () => {},
    };
    held.set(request, hold);
    arriving.set(request.raw.socket, hold);
    let body: Received;
    try {
      body = received(request, payload, (bytes) => take(request, hold, bytes));
    } catch (error) {
      return done(error as Error);
    }
    hold.drop = () => body.fail(noRoom("the body came too slowly while others needed the room; send it again"));
    payload.on("end", () => shares.complete(hold));
    done(null, body.payload as RequestPayload);
  });
  app.addHook("onResponse", (request, _reply, done) => release(request, done));
  app.addHook("onRequestAbort", release);
  // After the time to arrive nobody waits for the rest: the connection may stay half open for as long as its peer likes.
  app.server.on("clientError", (_error: Error, socket: Socket) => {
    const hold = arriving.get(socket);
    if (hold !== undefined) shares.release(hold);
  });
  return shares;
}

/** The answer closes the connection: what is still to come is of no use. */
function noRoom(detail: string): SluiceError {
  return new SluiceError("queue_full", detail, { retry_after: 1 });
}

/** A body on its way to who reads it. */
interface Received {
  payload: NodeJS.ReadableStream;
  /** Ends the reading with an error; what is still to come is read and thrown away. */
  fail: (error: Error) => void;
}

function received(request: FastifyRequest, payload: NodeJS.ReadableStream, take: (bytes: number) => void): Received {
  const { "content-encoding": encoding = "identity", "content-length": length } = request.headers;
  return encoding === "identity" && Number(length ?? Number.NaN) <= SMALL
    ? counted(payload, take)
    : measured(payload, encoding, take);
}

/** The payload itself, with its bytes counted as they come. */
function counted(payload: NodeJS.ReadableStream, take: (bytes: number) => void): Received {
  let failed = false;
  const fail = (error: Error) => {
    if (failed) return;
    failed = true;
    payload.emit("error", error);
    payload.resume();
  };
  payload.on("data", (chunk: Buffer) => {
    if (failed) return;
    try {
      take(chunk.length);
    } catch (error) {
      fail(error as Error);
    }
  });
  // Until its reader is there, which resumes it: who waits for something else in between loses nothing.
  payload.pause();
  return { payload, fail };
}

/** RFC 9112, 6: a request has a body where it says how long that is, or that it comes in chunks. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

/** Fastify compares this with the content-length. */
type Measured = PassThrough & { receivedEncodedLength?: number };

function measured(payload: NodeJS.ReadableStream, encoding: string, take: (bytes: number) => void): Received {
  const unpack = unpacker(encoding);
  const body: Measured = new PassThrough();
  const fail = (error: Error) => {
    payload.unpipe(unpack);
    // What is still to come is read and thrown away, so that the answer can be sent on this connection.
    payload.resume();
    unpack.destroy();
    body.destroy(error);
  };
  let encoded = 0;
  payload.on("data", (chunk: Buffer) => {
    encoded += chunk.length;
    body.receivedEncodedLength = encoded;
  });
  payload.on("error", fail);
  unpack.on("error", (error) => fail(malformed(encoding, error)));
  unpack.on("data", (chunk: Buffer) => {
    try {
      take(chunk.length);
    } catch (error) {
      return fail(error as Error);
    }
    if (!body.write(chunk)) unpack.pause();
  });
  body.on("drain", () => unpack.resume());
  unpack.on("end", () => body.end());
  payload.pipe(unpack);
  return { payload: body, fail };
}

function unpacker(encoding: string): Transform {
  switch (encoding.toLowerCase()) {
    case "identity":
      return new PassThrough();
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      throw new SluiceError(
        "unsupported_media_type",
        `content-encoding: ${show(encoding)} given; must be gzip, deflate or br`,
      );
  }
}

function malformed(encoding: string, error: Error): SluiceError {
  return new SluiceError("bad_request", `the body is not ${encoding}: ${error.message}`, { cause: error });
}
