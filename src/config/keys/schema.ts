import Type, { type TSchema } from "typebox";
import { SECTIONS } from "./sections.ts";

const properties = Object.fromEntries(
  Object.entries(SECTIONS).map(([key, { schema }]) => [key, Type.Optional(schema)] as const),
);

/** The schema of sluice.yaml. An empty file is null. */
export const FILE_SCHEMA: TSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "sluice.yaml",
  ...Type.Object(properties, {
    additionalProperties: false,
    description: `keys and values; the keys are ${Object.keys(properties).join(", ")}`,
  }),
  type: ["object", "null"],
};

/** For editors, as JSON: sluice.schema.json. */
export function configSchemaText(): string {
  return `${JSON.stringify(FILE_SCHEMA, null, 2)}\n`;
}
