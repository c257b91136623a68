import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** What the tests read of a dashboard, as it is in its file. */
export interface Board {
  id: number | null;
  uid: string;
  title: string;
  description: string;
  editable: boolean;
  schemaVersion: number;
  tags: string[];
  links: { type: string; url?: string; tags: string[] }[];
  panels: Panel[];
  templating: { list: Variable[] };
  annotations: { list: { name: string; iconColor: string; datasource: DataSource; target: Target }[] };
}

export interface DataSource {
  type: string;
  uid: string;
}

export interface Target {
  refId: string;
  datasource: DataSource;
  expr?: string;
  rawSql?: string;
  legendFormat?: string;
  instant?: boolean;
  format?: string;
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: DataSource;
  targets?: Target[];
  repeat?: string;
  options?: Record<string, unknown>;
  transformations?: { id: string; options: Record<string, unknown> }[];
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig?: {
    defaults: { unit?: string; noValue?: string; mappings?: unknown[] };
    overrides: { matcher: { id: string; options: string }; properties: { id: string; value: unknown }[] }[];
  };
}

export interface Variable {
  name: string;
  type: string;
  label: string;
  query: string;
  datasource?: DataSource;
  multi: boolean;
  includeAll: boolean;
  allValue?: string;
  refresh?: number;
}

const FOLDER = join(import.meta.dirname, "../../../grafana/dashboards");

export const BOARDS: Readonly<Record<string, Board>> = Object.fromEntries(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => [basename(file, ".json"), JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Board]),
);

export interface Query {
  /** `overview / Pipelines A` */
  where: string;
  board: string;
  panel: string;
  target: Target;
}

/** Of the panels and, under the name "annotation …", of the annotations. */
export function queriesOf(boards: Readonly<Record<string, Board>> = BOARDS): Query[] {
  return Object.entries(boards).flatMap(([board, { panels, annotations }]) => [
    ...panels.flatMap(({ title, targets = [] }) => targets.map((target) => queryOf(board, title, target))),
    ...annotations.list
      .filter(({ datasource }) => datasource.type !== "grafana")
      .map(({ name, target }) => queryOf(board, `annotation ${name}`, target)),
  ]);
}

const queryOf = (board: string, panel: string, target: Target): Query => ({
  where: `${board} / ${panel} ${target.refId}`,
  board,
  panel,
  target,
});

export const promqlOf = (queries: readonly Query[]) => queries.filter(({ target }) => target.expr !== undefined);
export const sqlOf = (queries: readonly Query[]) => queries.filter(({ target }) => target.rawSql !== undefined);
