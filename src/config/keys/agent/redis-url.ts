import type { Field } from "../../format/field.ts";
import { value } from "../../format/section.ts";

/** Kept as a name, so that who sets it is told that nothing would come of it. */
const refused: Field<null> = {
  schema: {
    type: "null",
    writeOnly: true,
    title: "Refused: several agents on one database do not work yet",
    description: "null: a second agent on a database waits until the first has ended, and one agent needs no Redis",
    default: null,
  },
  read: (given) => (given === null ? null : undefined),
  write: () => null,
};

export const redisUrl = value(refused, { name: "REDIS_URL", secret: true });
