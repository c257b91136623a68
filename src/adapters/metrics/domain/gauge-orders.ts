import type { CheckGauge, FeatureGauge } from "../../../domain/commit/committed.ts";
import { outweighs } from "../../../domain/drift/drift.ts";
import type { Order } from "./newest.ts";

export const CHECK_ORDER: Order<CheckGauge> = {
  name: ({ check_name }) => check_name,
  isWorse: (check, known) =>
    check.score !== known.score ? (check.score ?? -1) < (known.score ?? -1) : check.threshold > known.threshold,
};

export const FEATURE_ORDER: Order<FeatureGauge> = {
  name: ({ feature_name }) => feature_name,
  isWorse: outweighs,
};
