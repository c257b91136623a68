import Type from "typebox";
import type { Field } from "../field.ts";

export function choice<const T extends string>(title: string, choices: readonly T[], byDefault: T): Field<T> {
  const description = `one of ${choices.join(", ")}`;
  return {
    schema: { ...Type.Enum([...choices]), type: "string", title, description, default: byDefault },
    read: (given) => choices.find((one) => one === given),
    write: (value) => value,
  };
}
