import { SluiceError } from "../../errors.ts";

/** What a parser may be made to build. Bytes alone say little: `{},{},…` costs thirty times what a text of that length does. */
export interface JsonBounds {
  /** Objects and lists within one another. */
  depth: number;
  /** Objects and lists, all together. */
  containers: number;
  /** Fields of one object: with very many, building it costs a microsecond each. */
  fields: number;
}

const MOST_DEPTH = 64;
/** Twice what any report may have. */
const MOST_FIELDS = 20_000;
/** Of the largest body that is allowed, for each object or list in it. */
const BYTES_A_CONTAINER = 80;

export function jsonBounds(mostBytes: number): JsonBounds {
  return {
    depth: MOST_DEPTH,
    containers: Math.max(1000, Math.floor(mostBytes / BYTES_A_CONTAINER)),
    fields: MOST_FIELDS,
  };
}

/** Below this no body is worth a look. */
const SMALL = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/**
 * Refuses JSON, or lines of it, that would cost a parser far more than its length says, before it is parsed: one pass over the
 * bytes. Whether it is JSON at all is not looked at.
 */
export function checkJsonShape(bytes: Buffer, bounds: JsonBounds): void {
  if (bytes.length <= SMALL) return;
  // For each level: the fields of the object, or -1 for a list.
  const fields = new Int32Array(bounds.depth + 1).fill(-1);
  let depth = 0;
  let containers = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (inText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === COMMA) {
      if (fields[depth]! >= 0 && ++fields[depth]! > bounds.fields) throw tooManyFields(bounds.fields);
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (++depth > bounds.depth) throw tooDeep(bounds.depth);
      if (++containers > bounds.containers) throw tooManyContainers(bounds.containers);
      fields[depth] = byte === OPEN_OBJECT ? 1 : -1;
    } else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && depth > 0) depth--;
  }
}

function tooDeep(most: number): SluiceError {
  return new SluiceError("body_too_large", `the body has more than ${most} objects and lists within one another`);
}

function tooManyFields(most: number): SluiceError {
  return new SluiceError("body_too_large", `an object in the body has more than ${most} fields`);
}

function tooManyContainers(most: number): SluiceError {
  return new SluiceError("body_too_large", `the body holds more than ${most} objects and lists; send it in parts`);
}
