import path from "node:path";
import type { Field } from "../field.ts";
import { text } from "./text.ts";

export function directory(title: string, byDefault: string): Field<string> {
  const description = "the path of a directory";
  return text(
    { title, description, default: byDefault },
    (given, from) => (given.trim() === "" || given.includes("\0") ? undefined : path.resolve(from, given)),
    (value) => value,
  );
}
