import { isUtf8 } from "node:buffer";
import type { FastifyInstance } from "fastify";
import { SluiceError } from "../../errors.ts";
import { checkJsonShape, type JsonBounds, jsonBounds } from "./json-shape.ts";

export const NDJSON_TYPES = ["application/x-ndjson", "application/ndjson", "application/jsonl"];

const NEWLINE = 10;
/** What decoding puts in the place of what is not UTF-8; it may have been sent as well. */
const REPLACEMENT = "\ufffd";

/** An NDJSON body: its lines are not parsed yet, because one broken line does not spoil the others. */
export class NdJson {
  readonly #body: Buffer;
  readonly #bounds: JsonBounds;

  constructor(body: Buffer, bounds: JsonBounds) {
    this.#body = body;
    this.#bounds = bounds;
  }

  parse(line: Buffer): unknown {
    checkJsonShape(line, this.#bounds);
    return parseJson(line, "line");
  }

  /** The lines that are not blank, `most` and one more at the most: a flood of lines costs no more than that. */
  lines(most: number): Buffer[] {
    const lines: Buffer[] = [];
    for (let from = 0; from < this.#body.length && lines.length <= most; ) {
      const newline = this.#body.indexOf(NEWLINE, from);
      const to = newline === -1 ? this.#body.length : newline;
      const line = this.#body.subarray(from, to);
      if (!isBlank(line)) lines.push(line);
      from = to + 1;
    }
    return lines;
  }
}

/** Space, tab and carriage return: what JSON calls whitespace, within a line. */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** Bodies are read by limitBodies, which comes before. */
export function addBodyParsers(app: FastifyInstance): void {
  const bounds = jsonBounds(app.initialConfig.bodyLimit ?? 0);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", (request, payload, done) => {
    app.readBytes(request, payload, (error, bytes) => {
      if (error !== null) return done(error);
      let body: unknown;
      try {
        checkJsonShape(bytes, bounds);
        body = parseJson(bytes);
      } catch (wrong) {
        return done(wrong as Error);
      }
      done(null, body);
    });
  });
  app.addContentTypeParser(NDJSON_TYPES, (request, payload, done) => {
    app.readBytes(request, payload, (error, bytes) => {
      if (error === null) done(null, new NdJson(bytes, bounds));
      else done(error);
    });
  });
}

/** `what`: the body, or a line of it. */
export function parseJson(bytes: Buffer, what = "body"): unknown {
  const text = withoutMark(bytes.toString("utf8"));
  // Not replaced: two names in another encoding would become one and the same.
  if (text.includes(REPLACEMENT) && !isUtf8(bytes)) throw new SluiceError("invalid_json", `the ${what} is not UTF-8`);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() === "") throw emptyBody();
    throw new SluiceError("invalid_json", `the ${what} is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

export function emptyBody(): SluiceError {
  return new SluiceError("invalid_json", "the body is empty; JSON is wanted");
}

/** Some Windows programs put a byte order mark before everything they write. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
