import { TableCellDisplayMode, TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import {
  type DataTransformerConfig,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type Threshold,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TablePanel } from "@grafana/grafana-foundation-sdk/table";
import { COLOURS } from "./colours.ts";
import { dressed, steps, type What } from "./panels.ts";
import { NO_DATA } from "./states.ts";

export interface Column {
  /** The field as the query names it. */
  field: string;
  /** As people read it. */
  name: string;
  unit?: string;
  decimals?: number;
  width?: number;
  /** Words and colours for codes; the cell takes the colour. */
  states?: ValueMapping[];
  /** At and above this the number takes the colour `act`. */
  act_from?: number;
  /** Below this it does. */
  act_below?: number;
  /** Where a click leads. */
  link?: { title: string; url: string };
}

export interface Table extends What {
  columns: readonly Column[];
  sort_by: { name: string; desc: boolean };
}

/** One row a thing, columns in this order under these names; what is not listed is not shown. */
export function table(what: Table): TablePanel {
  const panel = dressed(new TablePanel(), what)
    .unit("none")
    .mappings([NO_DATA])
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .thresholds(steps([null, "text"]))
    .filterable(true)
    .showHeader(true)
    .sortBy([new TableSortByFieldStateBuilder().displayName(what.sort_by.name).desc(what.sort_by.desc)])
    .transformations(arranged(what.columns, what.targets.length));
  for (const column of what.columns) {
    const properties = propertiesOf(column);
    if (properties.length > 0) panel.overrideByName(column.name, properties);
  }
  return panel;
}

function arranged(columns: readonly Column[], queries: number): DataTransformerConfig[] {
  const only: DataTransformerConfig = {
    id: "filterFieldsByName",
    options: { include: { names: columns.map(({ field }) => field) } },
  };
  const organize: DataTransformerConfig = {
    id: "organize",
    options: {
      excludeByName: {},
      indexByName: Object.fromEntries(columns.map(({ field }, index) => [field, index])),
      renameByName: Object.fromEntries(columns.map(({ field, name }) => [field, name])),
    },
  };
  // Queries of one panel share their time and labels, and are joined on those.
  return queries > 1 ? [{ id: "merge", options: {} }, only, organize] : [only, organize];
}

function propertiesOf(column: Column): DynamicConfigValue[] {
  const { unit, decimals, width, states, link } = column;
  const properties: DynamicConfigValue[] = [];
  if (unit !== undefined) properties.push({ id: "unit", value: unit });
  if (decimals !== undefined) properties.push({ id: "decimals", value: decimals });
  if (width !== undefined) properties.push({ id: "custom.width", value: width });
  if (states !== undefined) properties.push({ id: "mappings", value: states });
  const steps = stepsOf(column);
  if (steps !== null) properties.push({ id: "thresholds", value: { mode: "absolute", steps } });
  if (states !== undefined || steps !== null) {
    properties.push({ id: "custom.cellOptions", value: { type: TableCellDisplayMode.ColorText } });
  }
  if (link !== undefined) properties.push({ id: "links", value: [link] });
  return properties;
}

function stepsOf({ act_from, act_below }: Column): Threshold[] | null {
  if (act_from !== undefined) {
    return [
      { value: null, color: "text" },
      { value: act_from, color: COLOURS.act },
    ];
  }
  if (act_below === undefined) return null;
  return [
    { value: null, color: COLOURS.act },
    { value: act_below, color: "text" },
  ];
}
