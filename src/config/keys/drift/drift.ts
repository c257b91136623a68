import { group, value } from "../../format/section.ts";
import type { DriftConfig } from "../types.ts";
import { driftFeatures } from "./drift-features.ts";
import { driftAlpha, driftThreshold } from "./drift-fields.ts";

export const drift = group<DriftConfig>("When a feature has drifted", {
  threshold: value(driftThreshold("The PSI above which a difference matters", 0.2)),
  alpha: value(driftAlpha("The chance of calling a stable feature drifted that is accepted", 0.01)),
  features: driftFeatures,
});
