import { describe, expect, test } from "vitest";
import { read, readOne, refusal } from "./read.ts";

const EXPOSITION = `# HELP request_seconds How long requests took.
# TYPE request_seconds histogram
request_seconds_bucket{method="GET",le="0.1"} 3 1395066363000
request_seconds_bucket{method="GET",le="0.5"} 7
request_seconds_bucket{method="GET",le="+Inf"} 10
request_seconds_sum{method="GET"} 4.2
request_seconds_count{method="GET"} 10
request_seconds_bucket{ le="+Inf" , method="PO\\"S}T\\n" } 2e+00 # {trace_id="}"} 0.7 1395066363.0
request_seconds_bucket{method="PO\\"S}T\\n",le="0.1"} 1
# TYPE score histogram
score_bucket{le="-1"} 4
score_bucket{le="1"} 4
score_bucket{le="+Inf"} 6
up 1
`;

describe("Prometheus' classic histograms", () => {
  test("as text are read series by series, cumulative counts as counts, up from 0 where the first bound is above it", () => {
    expect(read("prometheus", EXPOSITION.replace('PO\\"S}T\\n', "POST").replace('PO\\"S}T\\n', "POST"))).toEqual({
      'request_seconds{method="GET"}': { edges: [0, 0.1, 0.5, 0.9], counts: [3, 4, 3], nulls: 0 },
      'request_seconds{method="POST"}': { edges: [0, 0.1, 0.2], counts: [1, 1], nulls: 0 },
      score: { edges: [-3, -1, 1, 3], counts: [4, 0, 2], nulls: 0 },
    });
    expect(Object.keys(read("prometheus", EXPOSITION))[1]).toBe('request_seconds{method="PO\\"S}T\\n"}');
  });

  test("as text are refused by the line", () => {
    const line = 'a bucket is a line such as request_seconds_bucket{method="GET",le="0.5"} 129';
    const text = 'a_bucket{le="x"} 1\na_bucket{le="1"\na_bucket{} 1\na_bucket{le="2"} NaN\n';
    expect(refusal("prometheus", text)).toEqual({
      "line 1": line,
      "line 2": line,
      "line 3": line,
      "line 4": '"NaN" given; must be a number from 0 to 9007199254740991',
    });
    expect(refusal("prometheus", "up 1\n")).toEqual({
      "": "no bucket given: neither lines NAME_bucket{le=…}, buckets by le, nor the answer to a query",
    });
  });

  test("as JSON are buckets by their bounds, in any order, one or several by name", () => {
    const histogram = { buckets: { "+Inf": 10, "0.1": 3, "1e0": "7" } };
    const expected = { edges: [0, 0.1, 1, 1.9], counts: [3, 4, 3], nulls: 0 };
    expect(readOne("prometheus", histogram)).toEqual(expected);
    expect(read("prometheus", { a: histogram, b: histogram })).toEqual({ a: expected, b: expected });
  });

  test("as the answer to a query are made whole where they were extrapolated", () => {
    const sample = (le: string, value: string, more: object = {}) => ({
      metric: { le, ...more },
      value: [1.6e9, value],
    });
    const answer = (result: object[]) => ({ status: "success", data: { resultType: "vector", result } });
    const extrapolated = [sample("+Inf", "10.4"), sample("0.5", "7.5000000001"), sample("1", "7.5")];
    expect(readOne("prometheus", answer(extrapolated))).toEqual({
      edges: [0, 0.5, 1, 1.5],
      counts: [7, 0, 3],
      nulls: 0,
    });
    const labelled = [
      sample("1", "1", { __name__: "a_bucket", job: "x" }),
      sample("+Inf", "2", { __name__: "a_bucket", job: "x" }),
    ];
    expect(Object.keys(read("prometheus", answer(labelled)))).toEqual(['a{job="x"}']);
    // The only histogram goes by any name.
    expect(readOne("prometheus", answer(labelled))).toMatchObject({ counts: [1, 1] });
  });

  test.each([
    [
      "without the count of all",
      { buckets: { "1": 2 } },
      { buckets: 'no bucket "+Inf" given; it holds the count of all rows' },
    ],
    [
      "of one bucket",
      { buckets: { "+Inf": 2 } },
      { "buckets.+Inf": "a bucket from -∞ to ∞ given and no other; at least one finite bound is needed" },
    ],
    [
      "that fall",
      { buckets: { "1": 5, "+Inf": 2 } },
      { "buckets.+Inf": "2 given, after 5 at the bound before; counts are cumulative and must not fall" },
    ],
    ["with a bound twice", { buckets: { "1": 1, "1.0": 1, "+Inf": 2 } }, { "buckets.1.0": "le=1 is given twice" }],
    [
      "with a bound that is none",
      { buckets: { low: 1, "+Inf": 2 } },
      { "buckets.low": 'given; a bucket is named by its upper bound, such as "0.5" or "+Inf"' },
    ],
    ["of something else", { buckets: [1] }, { buckets: "an array given; must be an object" }],
  ])("%s are refused", (_what, document, wrong) => {
    expect(refusal("prometheus", document, { feature_name: "f" })).toEqual(wrong);
  });
});
