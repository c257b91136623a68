import { show } from "../../../contract/check.ts";
import { type FieldError, SluiceError } from "../../../errors.ts";

/** An object of somebody else's document. Fields nobody asks for are passed over: the format is not ours. */
export type JsonObject = Readonly<Record<string, unknown>>;

const MOST_ERRORS = 20;
const NOTHING: JsonObject = {};

/**
 * Reads a document of another system's format and gathers what is wrong with it, so that all of it is told at once. What
 * is wrong is read as nothing (an empty object or list, 0, ""), so reading goes on; throwIfWrong ends it.
 *
 * Paths are those of the document as sent: `features[0].numerical_statistics.common.num_missing`.
 */
export class Reading {
  readonly #errors: FieldError[] = [];

  object(value: unknown, path: string): JsonObject {
    if (isObject(value)) return value;
    this.#given(path, value, "an object");
    return NOTHING;
  }

  list(value: unknown, path: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    this.#given(path, value, "an array");
    return [];
  }

  text(value: unknown, path: string): string {
    if (typeof value === "string") return value;
    this.#given(path, value, "a text");
    return "";
  }

  /** A number, or a text that is one, as protocol buffers write great integers in JSON; also the two infinities. */
  number(value: unknown, path: string): number {
    const number = numberOf(value);
    if (!Number.isNaN(number)) return number;
    this.#given(path, value, "a number");
    return 0;
  }

  finite(value: unknown, path: string): number {
    const number = numberOf(value);
    if (Number.isFinite(number)) return number;
    this.#given(path, value, "a finite number");
    return 0;
  }

  /** Of rows; sketches estimate, so it need not be whole. */
  count(value: unknown, path: string): number {
    const count = numberOf(value);
    if (count >= 0 && count <= Number.MAX_SAFE_INTEGER) return count;
    this.#given(path, value, `a number from 0 to ${Number.MAX_SAFE_INTEGER}`);
    return 0;
  }

  share(value: unknown, path: string): number {
    const share = numberOf(value);
    if (share >= 0 && share <= 1) return share;
    this.#given(path, value, "a number from 0 to 1");
    return 0;
  }

  /** A category: a text, or a number or boolean as JavaScript writes it. */
  category(value: unknown, path: string): string {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
    this.#given(path, value, "a text, a number or a boolean");
    return "";
  }

  wrong(path: string, message: string): void {
    if (this.#errors.length < MOST_ERRORS) this.#errors.push({ path, message });
  }

  get failed(): boolean {
    return this.#errors.length > 0;
  }

  throwIfWrong(): void {
    if (!this.failed) return;
    const detail = this.#errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
    throw new SluiceError("invalid_report", detail, { errors: this.#errors });
  }

  #given(path: string, value: unknown, wanted: string): void {
    const given = value === undefined ? "missing" : `${show(value)} given`;
    this.wrong(path, `${given}; must be ${wanted}`);
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of proto-JSON by its camelCase name, or by the name in the .proto file (the printer's preserving option). */
export function protoField(fields: JsonObject, name: string): unknown {
  return fields[name] ?? fields[name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)] ?? undefined;
}

/** The path of a field of an object; the document itself has the path "". */
export function within(path: string, field: string): string {
  return path === "" ? field : `${path}.${field}`;
}

const DECIMAL = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;

/** NaN: it is none. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return Number.NaN;
  if (DECIMAL.test(value)) return Number(value);
  const infinite = INFINITE.exec(value);
  if (infinite === null) return Number.NaN;
  return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
