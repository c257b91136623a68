import { Ajv } from "ajv";
import type { FastifyRequest } from "fastify";
import { describeErrors, show } from "../../contract/check.ts";
import { nfc } from "../../domain/words/nfc.ts";
import { parseTime } from "../../domain/words/time.ts";
import { type ErrorCode, SluiceError } from "../../errors.ts";

/** Query strings and paths hold only text, so numbers and booleans are read out of it; unknown parameters are refused. */
const queries = new Ajv({ allErrors: true, verbose: true, strict: false, coerceTypes: true, useDefaults: true });

type Compiled = (value: unknown) => { error?: Error };

export function compileQuery(schema: object): Compiled {
  return compileTexts(schema, "invalid_query");
}

/** Names in a path are names: no store is asked for what cannot be one. */
export function compileParams(schema: object): Compiled {
  return compileTexts(schema, "bad_request");
}

function compileTexts(schema: object, code: ErrorCode): Compiled {
  let validate: ReturnType<typeof queries.compile> | undefined;
  return (value) => {
    validate ??= queries.compile(schema);
    spellNames(value as Record<string, unknown>);
    if (validate(value)) return {};
    const errors = describeErrors(validate.errors ?? []);
    const detail = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
    return { error: new SluiceError(code, detail, { errors }) };
  };
}

/** Of texts that hold names, and others that this leaves as they are. */
function spellNames(texts: Record<string, unknown>): void {
  for (const [key, text] of Object.entries(texts)) if (typeof text === "string") texts[key] = nfc(text);
}

export function timeParameter(name: string, value: string | number | undefined): number | null {
  if (value === undefined) return null;
  const text = String(value);
  const ms = parseTime(/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : withPlus(text));
  if (ms !== null) return ms;
  throw new SluiceError(
    "invalid_query",
    `${name}: ${show(value)} given; must be an RFC 3339 time such as 2026-11-20T02:00:00Z or Unix seconds`,
  );
}

/** In a query a + is a space: of 2026-11-20T02:00:00+00:00 the offset arrives with one. */
function withPlus(time: string): string {
  return time.replace(/(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$/, "$1+$2");
}

export function acceptsCsv(request: FastifyRequest): boolean {
  return /\btext\/csv\b/.test(request.headers.accept ?? "");
}
