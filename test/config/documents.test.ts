import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { configSchemaText, describeConfig } from "../../src/config.ts";
import { load } from "./load.ts";

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

interface Schema {
  properties?: Record<string, Schema>;
  default?: unknown;
}
const schema = JSON.parse(configSchemaText()) as Schema;

/** Every key with its default: `limits.body_bytes` → `16MiB`. */
function keys({ properties = {} }: Schema, path: string[] = []): [string, unknown][] {
  return Object.entries(properties).flatMap(([key, below]) =>
    below.properties ? keys(below, [...path, key]) : [[[...path, key].join("."), below.default] as [string, unknown]],
  );
}

describe("sluice.schema.json", () => {
  test("is what `sluice config schema` prints (docs/configuration.md says how to make it anew)", () => {
    expect(JSON.parse(read("sluice.schema.json"))).toEqual(JSON.parse(configSchemaText()));
  });

  test("is a schema, and says a title, what is allowed and a default for each key", () => {
    expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true);
    expect(keys(schema).length).toBeGreaterThan(15);
    expect(keys(schema).filter(([, byDefault]) => byDefault === undefined)).toEqual([]);
  });

  test("takes the defaults, and what `config check` prints of them", () => {
    const validate = new Ajv({ strict: false, allowUnionTypes: true }).compile(schema);
    expect(validate(describeConfig(load().config)) || validate.errors).toBe(true);
  });
});

describe("sluice.sample.yaml", () => {
  const sample = read("sluice.sample.yaml");
  // A comment has a space after its #, or a key that is commented out has none, or two for each level.
  const uncommented = sample.replace(/^#(?=(?: {2})*\S)/gm, "");

  test("as it is changes nothing", () => {
    expect(load({}, { "sluice.yaml": sample }).config).toEqual(load().config);
  });

  test("with every key taken in is still valid, and every key has its default", () => {
    expect(load({}, { "sluice.yaml": uncommented }).config).toEqual(load().config);
    const at = (path: string) =>
      path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], parse(uncommented));
    expect(keys(schema).map(([path]) => [path, at(path)])).toEqual(keys(schema));
  });

  test("explains each key in the line above it", () => {
    const lines = sample.split("\n");
    const bare = lines.filter((line, i) => /^#(?: {2})*\w/.test(line) && !/^# \S/.test(lines[i - 1] ?? ""));
    expect(bare).toEqual([]);
  });
});

/** As YAML writes it in one line. */
const flow = (value: unknown) =>
  stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trimEnd();

describe("docs/configuration.md", () => {
  const page = read("docs/configuration.md");

  test("has a row for each key, with its default", () => {
    const missing = keys(schema).filter(([path, byDefault]) => {
      const row = page.split("\n").find((line) => line.startsWith(`| \`${path}\` |`));
      const written = byDefault === null ? "null" : `\`${flow(byDefault)}\``;
      return row?.split(" | ")[1] !== written;
    });
    expect(missing).toEqual([]);
  });

  test("has a row for each variable", () => {
    const [warning = ""] = load({ SLUICE_FAVOURITE_COLOUR: "red" }).warnings;
    const names = warning.split("the variables are ")[1]!.split(", ");
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
