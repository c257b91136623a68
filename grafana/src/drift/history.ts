import { PanelBuilder as BarGaugePanel } from "@grafana/grafana-foundation-sdk/bargauge";
import {
  BarGaugeDisplayMode,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  VisibilityMode,
  VizOrientation,
} from "@grafana/grafana-foundation-sdk/common";
import { COLOURS } from "../lib/colours.ts";
import { DASHED, dressed, lines, steps } from "../lib/panels.ts";
import { now, of, range } from "../lib/sources.ts";

const FEATURES = 'feature_name=~"$feature_name"';
const by = "by (pipeline_name, feature_name)";
const psi = `max ${by} (${of("feature_drift_score", FEATURES)})`;
const threshold = `min ${by} (${of("feature_drift_threshold", FEATURES)})`;
const LEGEND = "{{pipeline_name}} {{feature_name}}";

/** Above 1 there is a difference that matters; whether it is more than chance says the verdict. */
export const timesThreshold = dressed(new BarGaugePanel(), {
  title: "PSI in terms of its threshold",
  description:
    "Newest PSI of the 25 features that are furthest, each divided by its own threshold: above 1 it matters.",
  targets: [now(`sort_desc(topk(25, ${psi} / ${threshold}))`, LEGEND)],
})
  .unit("none")
  .decimals(2)
  .min(0)
  .orientation(VizOrientation.Horizontal)
  .displayMode(BarGaugeDisplayMode.Basic)
  .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false))
  .thresholds(steps([null, COLOURS.neutral], [1, COLOURS.act]));

export const psiHistory = lines({
  title: "PSI",
  description: "PSI of each feature, and dashed its threshold.",
  targets: [range(psi, LEGEND), range(threshold, `${LEGEND} threshold`)],
  unit: "none",
})
  .lineInterpolation(LineInterpolation.StepAfter)
  .showPoints(VisibilityMode.Never)
  .overrideByQuery("B", DASHED);

export const pValueHistory = lines({
  title: "p-values",
  description:
    "Chance of a PSI this large if nothing had drifted; a logarithmic scale that ends at 1e-9. Small: not chance.",
  targets: [range(`clamp_min(max ${by} (${of("feature_drift_p_value", FEATURES)}), 1e-9)`, LEGEND)],
  unit: "none",
})
  .lineInterpolation(LineInterpolation.StepAfter)
  .showPoints(VisibilityMode.Never)
  .max(1)
  .axisSoftMin(0.001)
  .scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));

export const rowsHistory = lines({
  title: "Rows judged",
  description: "How many rows the newest verdict was given on. Few rows make a verdict inconclusive.",
  targets: [range(`max ${by} (${of("feature_rows", FEATURES)})`, LEGEND)],
  unit: "short",
})
  .lineInterpolation(LineInterpolation.StepAfter)
  .showPoints(VisibilityMode.Never);
