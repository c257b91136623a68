import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  type DataSourceRef,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimelinePanel } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TimeseriesPanel } from "@grafana/grafana-foundation-sdk/timeseries";
import { COLOURS } from "./colours.ts";
import { PROMETHEUS, type Target } from "./sources.ts";
import { noData } from "./states.ts";

export interface What {
  title: string;
  /** What it shows and when to worry; Grafana shows it behind the "i". */
  description: string;
  targets: readonly ((index: number) => Target)[];
  /** Of the panel; Prometheus unless told. */
  source?: DataSourceRef;
  /** What stands there when there is nothing to show. */
  empty?: string;
}

interface Common {
  title(title: string): this;
  description(text: string): this;
  datasource(ref: DataSourceRef): this;
  targets(targets: Builder<never>[]): this;
  noValue(text: string): this;
}

/** What every panel has. */
export function dressed<P extends Common>(panel: P, { title, description, targets, source, empty }: What): P {
  return panel
    .title(title)
    .description(description)
    .datasource(source ?? PROMETHEUS)
    .targets(targets.map((target, index) => target(index)) as unknown as Builder<never>[])
    .noValue(empty ?? "no data");
}

export function colour(fixedColor: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(fixedColor);
}

export function steps(...all: readonly (readonly [from: number | null, color: string])[]): ThresholdsConfigBuilder {
  const list: Threshold[] = all.map(([value, color]) => ({ value, color }));
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(list);
}

/** One number; in the colour of its threshold or mapping. */
export function stat(what: What & { unit: string }): StatPanel {
  return dressed(new StatPanel(), what)
    .unit(what.unit)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .thresholds(steps([null, COLOURS.neutral]))
    .mappings([noData(what.empty)])
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Auto)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false));
}

/** How many of something nobody wants any of. */
export function count(what: What & { some: string }): StatPanel {
  return stat({ ...what, unit: "short" })
    .decimals(0)
    .thresholds(steps([null, COLOURS.good], [1, what.some]));
}

/** Lines over time: one colour in shades, so that nothing looks like an alarm, and gaps where there was no data. */
export function lines(what: What & { unit: string }): TimeseriesPanel {
  return dressed(new TimeseriesPanel(), what)
    .unit(what.unit)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Shades).fixedColor(COLOURS.light))
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(false)
    .axisSoftMin(0)
    .legend(legend())
    .tooltip(tooltip());
}

/** States over time, a lane a series. */
export function timeline(what: What & { mappings: ValueMapping[] }): StateTimelinePanel {
  return dressed(new StateTimelinePanel(), what)
    .mappings(what.mappings)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .thresholds(steps([null, COLOURS.quiet]))
    .showValue(VisibilityMode.Auto)
    .rowHeight(0.85)
    .mergeValues(true)
    .fillOpacity(85)
    .lineWidth(0)
    .legend(legend())
    .tooltip(tooltip());
}

export function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);
}

export function tooltip(): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
}

/** A line to measure others by: dashed, in the colour of attention, out of the way of the legend's shades. */
export const DASHED: DynamicConfigValue[] = [
  { id: "custom.lineStyle", value: { fill: "dash", dash: [8, 6] } },
  { id: "custom.lineWidth", value: 1 },
  { id: "color", value: { mode: FieldColorModeId.Fixed, fixedColor: COLOURS.attention } },
];

export function fixed(color: string): DynamicConfigValue[] {
  return [{ id: "color", value: { mode: FieldColorModeId.Fixed, fixedColor: color } }];
}
