import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { FieldError } from "../errors.ts";

/** Strict: nothing is coerced, dropped or defaulted. */
const OPTIONS = { verbose: true, strict: false, allowUnionTypes: true } as const;
const untilFirstError = new Ajv({ ...OPTIONS, allErrors: false });
const toTheEnd = new Ajv({ ...OPTIONS, allErrors: true });

export type BodyCheck = (value: unknown) => FieldError[] | null;

/**
 * All that is wrong with a body is told at once; with a long one only the first thing, because a million wrong elements would
 * be a million errors in memory. Compiles on first use, so that a start does not pay for schemas nobody posts to.
 */
export function compileCheck(schema: object): BodyCheck {
  let first: ValidateFunction | undefined;
  let all: ValidateFunction | undefined;
  return (value) => {
    first ??= untilFirstError.compile(schema);
    if (first(value)) return null;
    if (isLong(value)) return describeErrors(first.errors ?? []);
    all ??= toTheEnd.compile(schema);
    all(value);
    return describeErrors(all.errors ?? []);
  };
}

const LONG = 1000;

/** Whether it holds more values than that, at any depth. */
function isLong(value: unknown): boolean {
  const open = [value];
  for (let seen = 0; open.length > 0; seen++) {
    const next = open.pop();
    if (seen + open.length > LONG) return true;
    if (typeof next !== "object" || next === null) continue;
    for (const key in next) {
      if (open.push((next as Record<string, unknown>)[key]) > LONG) return true;
    }
  }
  return false;
}

const MOST_ERRORS = 20;

/** Each error once, with the field, what was given and what is allowed. */
export function describeErrors(errors: readonly ErrorObject[]): FieldError[] {
  const byPath = new Map<string, FieldError>();
  for (const error of errors) {
    const described = describeError(error);
    if (!byPath.has(described.path)) byPath.set(described.path, described);
    if (byPath.size === MOST_ERRORS) break;
  }
  return [...byPath.values()];
}

function describeError(error: ErrorObject): FieldError {
  const path = fieldPath(error.instancePath);
  const schema = (error.parentSchema ?? {}) as {
    description?: string;
    properties?: Record<string, { description?: string }>;
  };
  if (error.keyword === "additionalProperties") {
    const field = String(error.params.additionalProperty);
    const allowed = Object.keys(schema.properties ?? {}).join(", ");
    return { path: join(path, clip(field)), message: `unknown field ${show(field)}; the fields are ${allowed}` };
  }
  if (error.keyword === "required") {
    const field = String(error.params.missingProperty);
    const wanted = schema.properties?.[field]?.description;
    return { path: join(path, field), message: wanted ? `missing; must be ${wanted}` : "missing" };
  }
  return { path, message: `${show(error.data)} given; ${wantedOf(error, schema.description)}` };
}

function wantedOf({ params, message }: ErrorObject, description: string | undefined): string {
  if (description !== undefined) return `must be ${description}`;
  return params.type === "object" ? "must be an object" : (message ?? "is not allowed");
}

function join(path: string, field: string): string {
  return path === "" ? field : `${path}.${field}`;
}

function fieldPath(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => clip(part.replaceAll("~1", "/").replaceAll("~0", "~")))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : join(path, part)), "");
}

const LONGEST_SHOWN = 80;

/** A value as it may stand in a message: short, on one line. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  const text = JSON.stringify(value.length > LONGEST_SHOWN ? clip(value) : value);
  return value.length > LONGEST_SHOWN ? `${text} (${value.length} characters)` : text;
}

/** Cut to what fits on a line, not within a pair of surrogates. */
function clip(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).replace(/[\ud800-\udbff]$/, "")}…` : text;
}
