import Type from "typebox";
import type { Field } from "../field.ts";

/** Up to 1 it is refused: nobody wants 1 %, and who writes 0.99 or 1 means 99 or 100. */
const description = "a percentage such as 99, above 1 and at most 100 (99 % is written 99, not 0.99)";
export const Percentage = Type.Number({ exclusiveMinimum: 1, maximum: 100, description });

export function percentage(title: string, byDefault: number): Field<number> {
  return {
    schema: { ...Percentage, title, description, default: byDefault },
    read: (given) => (typeof given === "number" && given > 1 && given <= 100 ? given : undefined),
    write: (value) => value,
  };
}
