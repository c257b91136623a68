import Type from "typebox";
import type { Field } from "../field.ts";

export function wholeNumber(title: string, byDefault: number, minimum: number, maximum: number): Field<number> {
  return {
    schema: {
      ...Type.Integer({ minimum, maximum }),
      title,
      description: `a whole number from ${minimum} to ${maximum}`,
      default: byDefault,
    },
    read: (given) =>
      Number.isInteger(given) && Number(given) >= minimum && Number(given) <= maximum ? Number(given) : undefined,
    write: (value) => value,
  };
}
