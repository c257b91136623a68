import Type from "typebox";
import type { Field } from "../field.ts";

export function flag(title: string, byDefault: boolean): Field<boolean> {
  return {
    schema: { ...Type.Boolean(), title, description: "true or false", default: byDefault },
    read: (given) => (typeof given === "boolean" ? given : undefined),
    write: (value) => value,
  };
}
