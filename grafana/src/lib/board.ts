import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  RowBuilder,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";

/** Grafana divides the width into this many columns. */
const COLUMNS = 24;

/** The newest schema that Grafana 10.0 knows; later versions bring it up to date when they load it. */
const SCHEMA_VERSION = 38;

/** Without one, panels are taken for those of Grafana 6 and rewritten. */
const PLUGIN_VERSION = "10.0.0";

/** Panels side by side, of one height. */
export interface Strip {
  /** Grid units of about 38 pixels. */
  height: number;
  /** Columns of each panel; together 24. */
  panels: readonly (readonly [width: number, panel: Builder<Panel>])[];
}

export interface Section {
  /** Without a title there is no heading. */
  title?: string;
  strips: readonly Strip[];
}

export interface Board {
  uid: string;
  title: string;
  description: string;
  from: string;
  refresh: string;
  variables: readonly Builder<VariableModel>[];
  annotations?: readonly Builder<AnnotationQuery>[];
  sections: readonly Section[];
}

/** As Grafana takes it from a file. */
export function dashboard(board: Board): Dashboard {
  const built = new DashboardBuilder(board.title)
    .id(null)
    .uid(board.uid)
    .description(board.description)
    .tags(["sluice"])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .timezone("browser")
    .time({ from: board.from, to: "now" })
    .refresh(board.refresh)
    .variables([...board.variables])
    .annotations([...(board.annotations ?? [])])
    .links([toTheOthers(), toTheAgent()])
    .build();
  const panels = placed(board.sections).map((panel, index) => ({ ...panel, id: index + 1 }));
  return { ...built, schemaVersion: SCHEMA_VERSION, version: 1, links: built.links!.map(inSight), panels };
}

/** The SDK puts every link into a menu, and it has no word for "not in the menu". */
function inSight({ placement: _, ...link }: DashboardLink): DashboardLink {
  return link;
}

function placed(sections: readonly Section[]): NonNullable<Dashboard["panels"]> {
  const panels: NonNullable<Dashboard["panels"]> = [];
  let y = 0;
  for (const { title, strips } of sections) {
    if (title !== undefined) {
      panels.push({ ...new RowBuilder(title).build(), gridPos: { x: 0, y, w: COLUMNS, h: 1 } });
      y += 1;
    }
    for (const strip of strips) {
      let x = 0;
      for (const [w, panel] of strip.panels) {
        panels.push({ ...panel.build(), pluginVersion: PLUGIN_VERSION, gridPos: { x, y, w, h: strip.height } });
        x += w;
      }
      y += strip.height;
    }
  }
  return panels;
}

function toTheOthers() {
  return new DashboardLinkBuilder("Sluice")
    .type(DashboardLinkType.Dashboards)
    .tags(["sluice"])
    .icon("external link")
    .tooltip("The other dashboards, with the same choice and time range")
    .includeVars(true)
    .keepTime(true);
}

function toTheAgent() {
  return new DashboardLinkBuilder("The agent's page")
    .type(DashboardLinkType.Link)
    .url("$agent_url/")
    .icon("bolt")
    .tooltip("Gates with their reasons, and overrides")
    .targetBlank(true);
}
