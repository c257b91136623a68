import Type, { type TSchema } from "typebox";
import { Actor, Name, RunId } from "./fields.ts";

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Text = Type.String();
const When = Type.String({ format: "date-time" });

export const AcceptSchemaBody = Type.Object(
  { run_id: RunId, actor: Actor, dataset: Type.Optional(Name) },
  { additionalProperties: false, description: "a run_id, an actor and perhaps a dataset" },
);
export type AcceptSchemaBody = Type.Static<typeof AcceptSchemaBody>;

export const ShownSchemasQuery = Type.Object({ dataset: Type.Optional(Name) }, { additionalProperties: false });

export const ForgetSchemaQuery = Type.Object(
  { dataset: Type.Optional(Name), actor: Type.Optional(Actor) },
  { additionalProperties: false },
);

const Column = { name: Text, type: Nullable(Text), nullable: Nullable(Type.Boolean()) };
const Source = Type.Enum(["declared", "accepted", "learned"]);

/** A dataset with its newest schema, what that is held against, and how it differs. */
export const SchemaAnswer = Type.Object({
  pipeline_name: Text,
  dataset: Text,
  baseline: Nullable(
    Type.Object({
      source: Source,
      // Of what was accepted the run whose schema it was.
      run_id: Nullable(Text),
      actor: Nullable(Text),
      set_at: Nullable(When),
      complete: Type.Boolean(),
      // Those that were learned since stand beside those that were declared or accepted.
      columns: Type.Array(Type.Object({ ...Column, source: Source })),
    }),
  ),
  latest: Nullable(
    Type.Object({
      run_id: Nullable(Text),
      at: When,
      complete: Type.Boolean(),
      columns: Type.Array(Type.Object(Column)),
    }),
  ),
  // null: there is nothing to compare.
  diff: Nullable(
    Type.Object({
      changes: Type.Array(
        Type.Object({
          change: Type.Enum(["removed", "renamed", "retyped", "added"]),
          column: Text,
          renamed_to: Nullable(Text),
          was: Nullable(Text),
          is: Nullable(Text),
          source: Nullable(Source),
        }),
      ),
      // Differences that nobody judges.
      notes: Type.Array(Type.Object({ column: Text, was: Text, is: Text })),
      reordered: Type.Boolean(),
    }),
  ),
});
