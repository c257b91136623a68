import { expect, it } from "vitest";
import { driftSettingsOf } from "../../../src/service/drift/drift-settings.ts";

it("takes a feature's settings from the most specific entry, and what that does not say from the defaults", () => {
  const settings = driftSettingsOf({
    alpha: 0.01,
    threshold: 0.2,
    features: [
      { pipeline_name: "clicks_*", feature_name: "*", window: 3_600_000 },
      { pipeline_name: "clicks_*", feature_name: "age", threshold: 0.1 },
      { pipeline_name: "clicks_eu", feature_name: "*", alpha: 0.001, window: 60_000 },
    ],
  });
  expect(settings("clicks_us", "amount")).toEqual({ alpha: 0.01, threshold: 0.2, window: 3_600_000 });
  expect(settings("clicks_us", "age")).toEqual({ alpha: 0.01, threshold: 0.1, window: undefined });
  expect(settings("clicks_eu", "age")).toEqual({ alpha: 0.001, threshold: 0.2, window: 60_000 });
  expect(settings("orders", "age")).toMatchObject({ alpha: 0.01, threshold: 0.2 });
});
