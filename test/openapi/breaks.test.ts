import { describe, expect, test } from "vitest";
import { documentBreaks } from "../../scripts/openapi-diff/document-breaks.mjs";

type Json = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: the tests change any part of the document
type Document = any;

const REPORT = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", pattern: "^a", maxLength: 10 },
    status: { type: "string", enum: ["good", "bad"] },
    count: { anyOf: [{ type: "integer", minimum: 0 }, { type: "null" }] },
    parts: { type: "array", minItems: 1, items: { type: "object", properties: { size: { type: "number" } } } },
  },
  additionalProperties: false,
};
const ANSWER = {
  type: "object",
  required: ["id", "state"],
  properties: {
    id: { type: "integer" },
    state: { type: "string", enum: ["open", "shut"] },
    note: { type: "string" },
    rows: { type: "array", items: { type: "object", required: ["key"], properties: { key: { type: "string" } } } },
    by_name: { type: "object", additionalProperties: { type: "object", properties: { score: { type: "number" } } } },
  },
};

function document(): Document {
  const operation = {
    parameters: [
      { name: "item_id", in: "path", required: true, schema: { type: "string" } },
      { name: "kind", in: "query", schema: { type: "string", enum: ["x", "y"] } },
    ],
    requestBody: { content: { "application/json": { schema: REPORT } } },
    responses: {
      200: { description: "ok", headers: { ETag: {} }, content: { "application/json": { schema: ANSWER } } },
    },
  };
  const other = () => ({ security: [], responses: { 200: { description: "ok" } } });
  return structuredClone({
    openapi: "3.1.0",
    info: { title: "t", version: "1.0.0" },
    security: [{ key: [] }],
    paths: { "/v1/items/{item_id}": { post: operation }, "/healthz": { get: other(), head: other() } },
  });
}

/** The parts of the document that the tests change. */
const parts = (changed: Document) => {
  const post = changed.paths["/v1/items/{item_id}"].post;
  return {
    changed,
    post,
    report: post.requestBody.content["application/json"].schema,
    answer: post.responses[200].content["application/json"].schema,
  };
};
type Parts = ReturnType<typeof parts>;

function breaksOf(change: (of: Parts) => unknown): string[] {
  const now = document();
  change(parts(now));
  return documentBreaks(document(), now).map((line) => line.replace("POST /v1/items/{item_id} ", ""));
}

const BREAKS: [string, (of: Parts) => unknown, string[]][] = [
  ["a path that is gone", ({ changed }) => delete changed.paths["/v1/items/{item_id}"], ["removed"]],
  ["a method that is gone", ({ changed }) => delete changed.paths["/healthz"].head, ["HEAD /healthz removed"]],
  [
    "a key where none was needed",
    ({ changed }) => delete changed.paths["/healthz"].get.security,
    ["GET /healthz security"],
  ],
  ["a parameter that is gone", ({ post }) => post.parameters.pop(), ["parameter kind removed"]],
  [
    "a new parameter that is required",
    ({ post }) => post.parameters.push({ name: "n", in: "query", required: true, schema: {} }),
    ["parameter n required"],
  ],
  [
    "a parameter that has become required",
    ({ post }) => (post.parameters[1].required = true),
    ["parameter kind required"],
  ],
  ["a narrower parameter", ({ post }) => (post.parameters[1].schema.enum = ["x"]), ["parameter kind enum"]],
  [
    "a narrower parameter of the path",
    ({ post }) => (post.parameters[0].schema.pattern = "^i"),
    ["parameter item_id pattern"],
  ],
  ["a body that has become required", ({ post }) => (post.requestBody.required = true), ["request (body) required"]],
  ["a body that is no longer taken", ({ post }) => delete post.requestBody, ["request (body) removed"]],
  [
    "a content type that is no longer taken",
    ({ post }) => (post.requestBody.content = { "text/csv": {} }),
    ["request application/json removed"],
  ],
  ["a required field", ({ report }) => report.required.push("status"), ["request status required"]],
  [
    "a new required field",
    ({ report }) => {
      report.required.push("team");
      report.properties.team = { type: "string" };
    },
    ["request team required"],
  ],
  ["a field that is refused now", ({ report }) => delete report.properties.count, ["request count removed"]],
  ["an enum that lost a value", ({ report }) => report.properties.status.enum.pop(), ["request status enum"]],
  ["an enum where any text was taken", ({ report }) => (report.properties.name.enum = ["a"]), ["request name enum"]],
  ["null that is no longer taken", ({ report }) => report.properties.count.anyOf.pop(), ["request count type"]],
  ["another type", ({ report }) => (report.properties.name = { type: "integer" }), ["request name type"]],
  [
    "whole numbers alone",
    ({ report }) => (report.properties.parts.items.properties.size.type = "integer"),
    ["request parts[].size type"],
  ],
  ["another pattern", ({ report }) => (report.properties.name.pattern = "^b"), ["request name pattern"]],
  ["a format", ({ report }) => (report.properties.name.format = "date-time"), ["request name format"]],
  ["a smaller maximum", ({ report }) => (report.properties.name.maxLength = 9), ["request name maxLength"]],
  ["a new minimum", ({ report }) => (report.properties.name.minLength = 1), ["request name minLength"]],
  ["a larger minimum", ({ report }) => (report.properties.parts.minItems = 2), ["request parts minItems"]],
  [
    "a field of an item that is required",
    ({ report }) => (report.properties.parts.items.required = ["size"]),
    ["request parts[].size required"],
  ],
  [
    "other fields that are refused now",
    ({ report }) => (report.properties.parts.items.additionalProperties = false),
    ["request parts[]{} removed"],
  ],
  ["an answer that is gone", ({ post }) => (post.responses = { 204: {} }), ["200 (body) removed"]],
  ["a header that is gone", ({ post }) => delete post.responses[200].headers, ["200 header.ETag removed"]],
  [
    "an answer of another content type",
    ({ post }) => (post.responses[200].content = { "text/csv": {} }),
    ["200 application/json removed"],
  ],
  ["a field of an answer that is gone", ({ answer }) => delete answer.properties.note, ["200 note removed"]],
  [
    "a field of an answer's item that is gone",
    ({ answer }) => delete answer.properties.rows.items.properties.key,
    ["200 rows[].key removed"],
  ],
  [
    "a field of a map's value that is gone",
    ({ answer }) => delete answer.properties.by_name.additionalProperties.properties.score,
    ["200 by_name{}.score removed"],
  ],
  [
    "a map that is closed",
    ({ answer }) => (answer.properties.by_name.additionalProperties = false),
    ["200 by_name{} removed"],
  ],
  ["a field that may be missing", ({ answer }) => answer.required.pop(), ["200 state optional"]],
  ["an enum of an answer that lost a value", ({ answer }) => answer.properties.state.enum.pop(), ["200 state enum"]],
  ["free text where values were enumerated", ({ answer }) => delete answer.properties.state.enum, ["200 state enum"]],
  ["an answer's other type", ({ answer }) => (answer.properties.id.type = "string"), ["200 id type"]],
  ["fractions where whole numbers were", ({ answer }) => (answer.properties.id.type = "number"), ["200 id type"]],
  ["null where none was", ({ answer }) => (answer.properties.id.type = ["integer", "null"]), ["200 id type"]],
  [
    "an answer of another shape beside the first",
    ({ post, answer }) => {
      const short = { type: "object", required: ["id", "state"], properties: { id: answer.properties.id, state: {} } };
      short.properties.state = { type: "string", enum: ["lost"] };
      post.responses[200].content["application/json"].schema = { anyOf: [answer, short] };
    },
    ["200 by_name removed", "200 note removed", "200 rows removed"],
  ],
];

describe("a breaking change", () => {
  test.each(BREAKS)("%s", (_, change, expected) => {
    expect(breaksOf(change)).toEqual(expected);
  });
});

const NO_BREAKS: [string, (of: Parts) => unknown][] = [
  ["a new path", ({ changed, post }) => (changed.paths["/v1/more"] = { get: post })],
  [
    "another name of a path's parameter",
    ({ changed, post }) => {
      delete changed.paths["/v1/items/{item_id}"];
      changed.paths["/v1/items/{id}"] = { post };
      post.parameters[0].name = "id";
    },
  ],
  ["another order of parameters", ({ post }) => post.parameters.reverse()],
  ["a new optional parameter", ({ post }) => post.parameters.push({ name: "n", in: "query", schema: {} })],
  [
    "a new parameter with a default",
    ({ post }) => post.parameters.push({ name: "n", in: "query", required: true, schema: { default: 1 } }),
  ],
  ["a key that is no longer needed", ({ post }) => (post.security = [])],
  ["a new field of a request", ({ report }) => (report.properties.team = { type: "string" })],
  [
    "a new field of a request with a default",
    ({ report }) => {
      report.required.push("team");
      report.properties.team = { type: "string", default: "none" };
    },
  ],
  ["a field that need not be sent", ({ report }) => (report.required = [])],
  ["a value more in a request", ({ report }) => report.properties.status.enum.push("ugly")],
  ["any text where values were enumerated", ({ report }) => delete report.properties.status.enum],
  ["a type more in a request", ({ report }) => report.properties.count.anyOf.unshift({ type: "string" })],
  ["wider bounds", ({ report }) => Object.assign(report.properties.name, { maxLength: 11, pattern: undefined })],
  [
    "a whole body or a list of them",
    ({ post, report }) =>
      (post.requestBody.content["application/json"].schema = { anyOf: [{ type: "array", items: report }, report] }),
  ],
  ["a new field of an answer", ({ answer }) => (answer.properties.more = { type: "string" })],
  ["a field that is always there", ({ answer }) => answer.required.push("note")],
  ["a value more in an answer", ({ answer }) => answer.properties.state.enum.push("ajar")],
  ["a new status", ({ post }) => (post.responses[202] = { description: "later" })],
  ["texts", ({ post, report }) => Object.assign(report, { title: "t", description: post.summary })],
  [
    "enumerated values as constants",
    ({ report, answer }) => {
      report.properties.status = { anyOf: [{ const: "bad" }, { const: "good" }] };
      answer.properties.state = { oneOf: [{ const: "shut", type: "string" }, { const: "open" }] };
    },
  ],
  [
    "a schema by reference",
    ({ changed, post, answer }) => {
      changed.components = { schemas: { Answer: answer } };
      post.responses[200].content["application/json"].schema = { $ref: "#/components/schemas/Answer" };
    },
  ],
  [
    "a schema in parts",
    ({ post, report }) => {
      const { required, ...rest } = report;
      post.requestBody.content["application/json"].schema = { allOf: [rest, { type: "object", required }] };
    },
  ],
];

describe("no breaking change", () => {
  test("nothing", () => expect(breaksOf(() => {})).toEqual([]));
  test.each(NO_BREAKS)("%s", (_, change) => {
    expect(breaksOf(change)).toEqual([]);
  });
});

test("a break behind a reference is found, also where the schema holds itself", () => {
  const tree = (leaf: Json) => {
    const made = document();
    const { post } = parts(made);
    const properties = { leaf, below: { type: "array", items: { $ref: "#/components/schemas/Tree" } } };
    made.components = { schemas: { Tree: { type: "object", properties } } };
    post.responses[200].content["application/json"].schema = { $ref: "#/components/schemas/Tree" };
    return made;
  };
  expect(documentBreaks(tree({ type: "string" }), tree({ type: "string" }))).toEqual([]);
  expect(documentBreaks(tree({ type: "string" }), tree({ type: "integer" }))).toEqual([
    "POST /v1/items/{item_id} 200 below[].leaf type",
    "POST /v1/items/{item_id} 200 leaf type",
  ]);
});

test("a keyword that nothing compares is an error, not a pass", () => {
  expect(() => breaksOf(({ report }) => (report.patternProperties = {}))).toThrow("keyword patternProperties");
  expect(() => breaksOf(({ answer }) => (answer.$ref = "#/components/none"))).toThrow("has no #/components/none");
});

test("the documents are left as they were", () => {
  const [before, after] = [document(), document()];
  parts(after).report.required.push("status");
  const copies = structuredClone([before, after]);
  documentBreaks(before, after);
  expect([before, after]).toEqual(copies);
});
