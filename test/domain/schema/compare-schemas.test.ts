import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSchemas } from "../../../src/domain/schema/compare-schemas.ts";
import type { BaselineSource, Schema, SchemaBaseline, SchemaColumn } from "../../../src/domain/schema/schema.ts";
import { shapeOf } from "../../../src/domain/schema/schema.ts";

/** `name type`, or `name type?` where it may be null. */
function schema(text: string, { complete = true } = {}): Schema {
  const columns = text === "" ? [] : text.split(", ").map(column);
  return { columns, complete };
}

function column(text: string): SchemaColumn {
  const [name = "", type = ""] = text.split(" ");
  return { name, type: type.replace("?", ""), nullable: type.endsWith("?") };
}

const baseline = (text: string, source: BaselineSource = "accepted", options = {}): SchemaBaseline => {
  return { ...schema(text, options), source };
};

function changes(was: string, is: string, options: { was?: object; is?: object } = {}): string[] {
  const diff = compareSchemas(schema(is, options.is), [baseline(was, "accepted", options.was)]);
  return diff.changes.map(({ change, column, renamed_to, was, is }) =>
    [change, column, renamed_to ?? "", was ?? "", is ?? ""].filter(Boolean).join(" "),
  );
}

describe("a schema held against its baseline", () => {
  it("tells what was removed, renamed, retyped and added", () => {
    expect(changes("user_id int64, amount float64, note text", "userId int64, amount string, country text")).toEqual([
      "renamed user_id userId int64 int64",
      "removed note text",
      "retyped amount float64 string",
      "added country text",
    ]);
  });

  it("has nothing to say of the same families in another order", () => {
    const diff = compareSchemas(schema("b text, a double"), [baseline("a bigint, b varchar")]);
    expect(diff.changes).toEqual([]);
    expect(diff.notes.map(({ column, was, is }) => `${column} ${was} ${is}`)).toEqual([
      "a bigint double",
      "b varchar text",
    ]);
    expect(diff.reordered).toBe(true);
  });

  it("tells nullability and does not judge it", () => {
    const diff = compareSchemas(schema("a int?"), [baseline("a int")]);
    expect(diff).toEqual({
      changes: [],
      notes: [{ column: "a", was: "not nullable", is: "nullable" }],
      reordered: false,
    });
  });

  it("tells a type that it does not know and does not judge it", () => {
    const diff = compareSchemas(schema("a geography, b int"), [baseline("a text, b object")]);
    expect(diff.changes).toEqual([]);
    expect(diff.notes).toHaveLength(2);
  });

  it("takes only a complete list for a proof that a column is gone", () => {
    expect(changes("a int, b int", "a int", { is: { complete: false } })).toEqual([]);
    expect(changes("user_id int", "userId int", { is: { complete: false } })).toEqual(["added userId int"]);
  });

  it("finds no column new where the baseline does not name all", () => {
    expect(changes("a int", "a int, b int", { was: { complete: false } })).toEqual([]);
    expect(changes("user_id int", "userId int", { was: { complete: false } })).toEqual([
      "renamed user_id userId int int",
    ]);
  });

  it("expects what was learned beside what was accepted, which weighs more", () => {
    const baselines = [baseline("a int"), baseline("a text, b text", "learned")];
    expect(compareSchemas(schema("a int, b text"), baselines).changes).toEqual([]);
    expect(
      compareSchemas(schema("c int"), baselines).changes.map(({ change, column, source }) => [change, column, source]),
    ).toEqual([
      ["removed", "a", "accepted"],
      ["removed", "b", "learned"],
      ["added", "c", null],
    ]);
  });

  it("passes over a column whose type was refused", () => {
    const current = { columns: [{ name: "a", type: null, nullable: null }], complete: true };
    expect(compareSchemas(current, [baseline("a int")]).changes).toEqual([]);
  });
});

describe("a likely new name", () => {
  it("may have been learned since the old one was accepted", () => {
    const baselines = [baseline("user_id int"), baseline("userId int", "learned")];
    const { changes } = compareSchemas(schema("userId int"), baselines);
    expect(changes.map(({ change, column, renamed_to }) => [change, column, renamed_to])).toEqual([
      ["renamed", "user_id", "userId"],
    ]);
  });

  it.each([
    ["user_id int", "userId int"],
    ["user_id int", "USER-ID int"],
    ["amount float", "amounts float"],
    ["customer text", "costumer text"],
    ["Straße text", "STRASSE_ text"],
  ])("of %s is %s", (was, is) => expect(changes(was, is)[0]).toMatch(/^renamed/));

  it.each([
    ["a int", "b int"],
    ["user_id int", "session int"],
    ["amounts int", "amount text"],
  ])("of %s is not %s", (was, is) =>
    expect(changes(was, is).map((one) => one.split(" ")[0])).toEqual(["removed", "added"]),
  );

  it("spelled alike goes before one that is near", () => {
    expect(changes("user_id int", "user_ids int, userId int")[0]).toMatch(/^renamed user_id userId/);
  });

  it("is looked for among many columns without comparing them all", () => {
    const many = (prefix: string) => Array.from({ length: 5000 }, (_, i) => `${prefix}${i * 7919} int`).join(", ");
    expect(changes(many("left"), many("right"))).toHaveLength(10_000);
    expect(changes(many("left_"), many("LEFT")).every((one) => one.startsWith("renamed"))).toBe(true);
  });
});

describe("of any two schemas", () => {
  const anyColumn = fc.record<SchemaColumn>({
    name: fc.oneof(
      fc.constantFrom("a", "user_id", "userId", "USER_ID", "users_id", "amount", "amounts"),
      fc.string({ minLength: 1 }),
    ),
    type: fc.option(fc.constantFrom("int", "float", "text", "bool", "object", "list<int>", "date")),
    nullable: fc.option(fc.boolean()),
  });
  const anySchema = fc.record<Schema>({
    columns: fc.uniqueArray(anyColumn, { selector: ({ name }) => name, maxLength: 12 }),
    complete: fc.boolean(),
  });
  const anyBaselines = fc.array(
    fc
      .record({ schema: anySchema, source: fc.constantFrom<BaselineSource>("declared", "learned") })
      .map(({ schema: one, source }): SchemaBaseline => ({ ...one, source })),
    { maxLength: 2 },
  );

  it("each column is told of at most once, and every gone column of a complete list is", () => {
    fc.assert(
      fc.property(anySchema, anyBaselines, (current, baselines) => {
        const { changes } = compareSchemas(current, baselines);
        const names = changes.flatMap(({ column, renamed_to }) => [
          column,
          ...(renamed_to === null ? [] : [renamed_to]),
        ]);
        expect(new Set(names).size).toBe(names.length);
        const now = new Set(current.columns.map(({ name }) => name));
        const gone = new Set(
          baselines.flatMap(({ columns }) => columns.map(({ name }) => name)).filter((name) => !now.has(name)),
        );
        const told = changes
          .filter(({ change }) => change === "removed" || change === "renamed")
          .map(({ column }) => column);
        expect(new Set(told)).toEqual(current.complete ? gone : new Set());
      }),
    );
  });

  it("nothing changes beside itself, and what has one shape differs in nothing that is judged", () => {
    fc.assert(
      fc.property(anySchema, (one) => {
        const shuffled = { ...one, columns: [...one.columns].reverse() };
        expect(shapeOf(shuffled)).toBe(shapeOf(one));
        expect(compareSchemas(shuffled, [{ ...one, source: "declared" }]).changes).toEqual([]);
      }),
    );
  });

  it("the order of the columns decides no change but which of equal names is paired", () => {
    fc.assert(
      fc.property(anySchema, anyBaselines, (current, baselines) => {
        const kinds = (schema: Schema) =>
          compareSchemas(schema, baselines)
            .changes.map(({ change }) => change)
            .sort();
        const reversed = { ...current, columns: [...current.columns].reverse() };
        expect(kinds(reversed).filter((kind) => kind === "retyped")).toEqual(
          kinds(current).filter((kind) => kind === "retyped"),
        );
      }),
    );
  });
});
