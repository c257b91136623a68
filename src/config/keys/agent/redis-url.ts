import type { Field } from "../../format/field.ts";
import { value } from "../../format/section.ts";

/** Kept as a name, so that who sets it is told that nothing would come of it. */
const refused: Field<null> = {
  schema: {
    type: "null",
    writeOnly: true,
    title: "Refused: agents on one database hear each other through it, and need no Redis",
    description: "null: agents on one database hear each other through it",
    default: null,
  },
  read: (given) => (given === null ? null : undefined),
  write: () => null,
};

export const redisUrl = value(refused, { name: "REDIS_URL", secret: true });
