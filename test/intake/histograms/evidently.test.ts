import { expect, test } from "vitest";
import { read, refusal } from "./read.ts";

const COLUMNS = {
  fare: { values: [1.2, 3.4, null] },
  city: { values: ["Oslo", null, "Bergen"] },
  paid: { values: [true, false, true] },
};

test.each([
  [
    "DataFrame.to_dict()",
    {
      fare: { "0": 1.2, "1": 3.4, "2": null },
      city: { "0": "Oslo", "1": null, "2": "Bergen" },
      paid: { "0": true, "1": false, "2": true },
    },
  ],
  ["its orient=list", { fare: [1.2, 3.4, null], city: ["Oslo", null, "Bergen"], paid: [true, false, true] }],
  [
    "its orient=records, where a row may lack a column",
    [
      { fare: 1.2, city: "Oslo", paid: true },
      { fare: 3.4, paid: false },
      { city: "Bergen", paid: true },
    ],
  ],
])("the rows of a data frame become values, by %s", (_what, document) => {
  expect(read("evidently", document)).toEqual(COLUMNS);
});

test("columns may have any name", () => {
  expect(read("evidently", JSON.parse('[{"__proto__": 1, "constructor": 2}]'))).toEqual(
    Object.fromEntries([
      ["__proto__", { values: [1] }],
      ["constructor", { values: [2] }],
    ]),
  );
});

test.each([
  [
    "values of two kinds",
    { fare: { "0": 1, "7": "x" } },
    { "fare.7": '"x" given; must be a number or null, as the values before it' },
  ],
  [
    "values that are none",
    { fare: [1, [2]] },
    { "fare[1]": "an array given; must be a number, a text, a boolean or null" },
  ],
  [
    "rows of two kinds",
    [{ a: 1 }, { a: true }],
    { "[1].a": "true given; must be a number or null, as the values before it" },
  ],
  ["rows that are none", [{ a: 1 }, 5], { "[1]": "5 given; must be an object" }],
  ["columns that are none", { fare: 5 }, { fare: "5 given; must be an object or an array of the column's values" }],
  ["no row", [], { "": "no row with a column given; must be an array of rows" }],
  ["no column", {}, { "": "an empty object given; must be an object of columns, or an array of rows" }],
  ["a text", "fare", { "": '"fare" given; must be an object' }],
  [
    "a name that is none",
    { "": [1] },
    {
      "": "\"\" given; must be a name of 1 to 200 characters without invisible ones and outer blanks, not '.' or '..'",
    },
  ],
])("%s are refused", (_what, document, wrong) => {
  expect(refusal("evidently", document)).toEqual(wrong);
});
