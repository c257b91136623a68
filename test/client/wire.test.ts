import { describe, expect, expectTypeOf, it } from "vitest";
import type {
  DriftReport,
  FreshnessReport,
  LatencyReport,
  QualityReport,
  RecordsReport,
  RunReport,
  SchemaReport,
} from "../../src/client/index.ts";
import type {
  DriftBody,
  FreshnessBody,
  LatencyBody,
  QualityBody,
  RecordsBody,
  RunBody,
  SchemaBody,
} from "../../src/contract/reports.ts";
import { BODY_BY_KIND } from "../../src/contract/reports.ts";

/** A body of the contract as its batch item: with its kind, fields that may be left out may also be undefined. */
type Item<K extends string, B> = { kind: K } & { [F in keyof B]: undefined extends B[F] ? B[F] | undefined : B[F] };
/** Where the two have the same fields, they also agree on their types. */
type SameFields<A, B> = [keyof A] extends [keyof B] ? ([keyof B] extends [keyof A] ? true : false) : false;

describe("the client's reports", () => {
  it("are the contract's, field by field", () => {
    expectTypeOf<SameFields<RunReport, Item<"run", RunBody>>>().toEqualTypeOf<true>();
    expectTypeOf<SameFields<RecordsReport, Item<"records", RecordsBody>>>().toEqualTypeOf<true>();
    expectTypeOf<SameFields<QualityReport, Item<"quality", QualityBody>>>().toEqualTypeOf<true>();
    expectTypeOf<SameFields<LatencyReport, Item<"latency", LatencyBody>>>().toEqualTypeOf<true>();
    expectTypeOf<SameFields<FreshnessReport, Item<"freshness", FreshnessBody>>>().toEqualTypeOf<true>();
    expectTypeOf<SameFields<DriftReport, Item<"drift", DriftBody>>>().toEqualTypeOf<true>();
    expectTypeOf<SameFields<SchemaReport, Item<"schema", SchemaBody>>>().toEqualTypeOf<true>();
    expectTypeOf<Required<RunReport>["status"]>().toEqualTypeOf<RunBody["status"]>();
    expectTypeOf<RecordsReport["count"]>().toEqualTypeOf<RecordsBody["count"]>();
    expectTypeOf<QualityReport["score"]>().toEqualTypeOf<QualityBody["score"]>();
    expectTypeOf<LatencyReport["seconds"]>().toEqualTypeOf<LatencyBody["seconds"]>();
    expectTypeOf<FreshnessReport["data_through"]>().toEqualTypeOf<FreshnessBody["data_through"]>();
  });

  it("have a kind for each of the contract's", () => {
    const kinds = new Set(Object.keys(BODY_BY_KIND).map((form) => form.replace("_batch", "")));
    expect([...kinds].sort()).toEqual(["drift", "freshness", "latency", "quality", "records", "run", "schema"]);
  });
});
