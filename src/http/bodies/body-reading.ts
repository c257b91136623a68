import { PassThrough, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { errorCodes, type FastifyRequest } from "fastify";
import { show } from "../../contract/check.ts";
import { SluiceError } from "../../errors.ts";

const { FST_ERR_CTP_INVALID_CONTENT_LENGTH } = errorCodes;

/** A body on its way into one buffer. What comes after an error is read and thrown away, so that the answer can be sent. */
export class BodyReading {
  readonly #request: FastifyRequest;
  readonly #payload: Readable;
  readonly #take: (bytes: number) => void;
  readonly #done: (error: Error | null, bytes: Buffer) => void;
  readonly #chunks: Buffer[] = [];
  #ended = false;
  #unpack: Transform | null = null;
  /** Bytes that arrived, packed. */
  #arrived = 0;

  constructor(
    request: FastifyRequest,
    payload: Readable,
    take: (bytes: number) => void,
    done: (error: Error | null, bytes: Buffer) => void,
  ) {
    this.#request = request;
    this.#payload = payload;
    this.#take = take;
    this.#done = done;
  }

  /** `most`: bytes of one body, which its length may not exceed either. */
  start(most: number): void {
    const { "content-encoding": encoding = "identity", "content-length": length } = this.#request.headers;
    try {
      if (encoding !== "identity") this.#unpack = unpacker(encoding);
    } catch (error) {
      this.fail(error as Error);
      return;
    }
    this.#payload.on("data", (chunk: Buffer) => {
      this.#arrived += chunk.length;
      if (this.#unpack === null) this.#add(chunk);
    });
    if (this.#unpack === null) this.#payload.on("end", () => this.#end());
    else this.#unpackInto(this.#unpack, encoding);
    this.#payload.on("error", (error) => this.fail(badRequest(error)));
    if (Number(length) > most) this.fail(new SluiceError("body_too_large", `the body is larger than ${most} bytes`));
  }

  fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#unpack !== null) {
      this.#payload.unpipe(this.#unpack);
      this.#unpack.destroy();
    }
    this.#payload.resume();
    this.#done(error, NOTHING);
  }

  #add(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      this.#take(chunk.length);
      this.#chunks.push(chunk);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  #unpackInto(unpack: Transform, encoding: string): void {
    unpack.on("data", (chunk: Buffer) => this.#add(chunk));
    unpack.on("error", (error) => {
      this.fail(new SluiceError("bad_request", `the body is not ${encoding}: ${error.message}`, { cause: error }));
    });
    unpack.on("end", () => this.#end());
    this.#payload.pipe(unpack);
  }

  #end(): void {
    if (this.#ended) return;
    const length = this.#request.headers["content-length"];
    if (length !== undefined && Number(length) !== this.#arrived) {
      this.fail(new FST_ERR_CTP_INVALID_CONTENT_LENGTH());
      return;
    }
    this.#ended = true;
    const [first = NOTHING] = this.#chunks;
    this.#done(null, this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : first);
  }
}

const NOTHING = Buffer.alloc(0);

/** The connection broke amid the body: nobody reads the answer. */
function badRequest(error: Error): Error {
  return Object.assign(error, { statusCode: 400 });
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
