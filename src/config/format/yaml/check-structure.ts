import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { TSchema } from "typebox";
import { nearest } from "./nearest.ts";
import { wrongValue } from "./wrong-value.ts";
import type { Path } from "./yaml-text.ts";

export interface StructureFinding {
  path: Path;
  /** What to point at: the key itself where it is the key that is wrong. */
  part: "key" | "value";
  message: string;
}

/** Unknown keys, missing ones, values of the wrong kind: all of them, one for each place. */
export function checkStructure(value: unknown, schema: TSchema): StructureFinding[] {
  const validate = compiled(schema);
  validate(value);
  const findings = new Map<string, StructureFinding>();
  for (const error of validate.errors ?? []) {
    const finding = describe(error);
    const place = JSON.stringify(finding.path);
    if (!findings.has(place)) findings.set(place, finding);
  }
  return [...findings.values()];
}

/** Compiling takes longer than all the rest, and a file is read again whenever it changes. */
const validators = new WeakMap<TSchema, ValidateFunction>();

function compiled(schema: TSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, allowUnionTypes: true });
  const validate = ajv.compile(schema);
  validators.set(schema, validate);
  return validate;
}

function describe(error: ErrorObject): StructureFinding {
  const path = steps(error.instancePath);
  const schema = (error.parentSchema ?? {}) as {
    description?: string;
    properties?: Record<string, { description?: string }>;
  };
  const known = Object.keys(schema.properties ?? {});
  if (error.keyword === "additionalProperties") {
    const key = String(error.params.additionalProperty);
    const meant = nearest(key, known);
    const hint = meant === undefined ? `the keys are ${known.join(", ")}` : `did you mean ${meant}?`;
    return { path: [...path, key], part: "key", message: `this key is not known; ${hint}` };
  }
  if (error.keyword === "required") {
    const key = String(error.params.missingProperty);
    const description = schema.properties?.[key]?.description;
    return { path: [...path, key], part: "value", message: `missing; must be ${description}` };
  }
  return { path, part: "value", message: wrongValue(error.data, schema) };
}

/** A JSON pointer as a path. A number may be a key as well, but no key of ours is one. */
function steps(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
