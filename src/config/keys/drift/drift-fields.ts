import Type from "typebox";
import { DURATION_PATTERN } from "../../../domain/words/duration.ts";
import type { Field } from "../../format/field.ts";
import { duration } from "../../format/fields/duration.ts";

const threshold = "a PSI such as 0.2, above 0 and at most 100";
const alpha = "a probability such as 0.01, above 0 and below 1";

export const Threshold = Type.Number({ exclusiveMinimum: 0, maximum: 100, description: threshold });
export const Alpha = Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: alpha });

export const window = duration("The length of the windows that micro-batches are summed into", "1h", "1m", "7d");
export const Window = Type.String({ pattern: DURATION_PATTERN, description: window.schema.description });

export function driftThreshold(title: string, byDefault: number): Field<number> {
  return {
    schema: { ...Threshold, title, description: threshold, default: byDefault },
    read: (given) => (typeof given === "number" && given > 0 && given <= 100 ? given : undefined),
    write: (value) => value,
  };
}

export function driftAlpha(title: string, byDefault: number): Field<number> {
  return {
    schema: { ...Alpha, title, description: alpha, default: byDefault },
    read: (given) => (typeof given === "number" && given > 0 && given < 1 ? given : undefined),
    write: (value) => value,
  };
}
