import { PassThrough, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { FastifyInstance, FastifyRequest, HookHandlerDoneFunction, RequestPayload } from "fastify";
import { show } from "../contract/check.ts";
import { SluiceError } from "../errors.ts";

/** Below this a body is accounted for by its declared length, which costs nothing. */
const SMALL = 64 * 1024;

export interface BodyLimits {
  /** Bytes of one body, unpacked. */
  body: number;
  /** Bytes of all bodies that are being taken or worked on, unpacked. */
  in_flight: number;
}

/** Unpacks bodies and bounds their memory: each by itself, and all together, so that many large ones at once do no harm. */
export function limitBodies(app: FastifyInstance, limits: BodyLimits): void {
  const held = new WeakMap<FastifyRequest, number>();
  let used = 0;
  const take = (request: FastifyRequest, bytes: number) => {
    const own = (held.get(request) ?? 0) + bytes;
    if (own > limits.body) throw new SluiceError("body_too_large", `the body is larger than ${limits.body} bytes`);
    if (used + bytes > limits.in_flight) {
      throw new SluiceError("queue_full", "the agent holds as many request bodies as it may; send it again", {
        retry_after: 1,
      });
    }
    used += bytes;
    held.set(request, own);
  };
  const release = (request: FastifyRequest, done: HookHandlerDoneFunction) => {
    used -= held.get(request) ?? 0;
    held.delete(request);
    done();
  };
  const bounded = (request: FastifyRequest, payload: NodeJS.ReadableStream) => {
    const { "content-encoding": encoding = "identity", "content-length": length } = request.headers;
    const declared = Number(length ?? Number.NaN);
    if (encoding === "identity" && declared <= SMALL) {
      take(request, declared);
      return payload;
    }
    return measured(payload, encoding, (bytes) => take(request, bytes));
  };
  app.addHook("preParsing", (request, _reply, payload, done) => {
    if (!hasBody(request)) return done(null, payload);
    let body: NodeJS.ReadableStream;
    try {
      body = bounded(request, payload);
    } catch (error) {
      return done(error as Error);
    }
    done(null, body as RequestPayload);
  });
  app.addHook("onResponse", (request, _reply, done) => release(request, done));
  app.addHook("onRequestAbort", release);
}

/** RFC 9112, 6: a request has a body where it says how long that is, or that it comes in chunks. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

/** Fastify compares this with the content-length. */
type Measured = PassThrough & { receivedEncodedLength?: number };

function measured(payload: NodeJS.ReadableStream, encoding: string, take: (bytes: number) => void): Measured {
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
  return body;
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
