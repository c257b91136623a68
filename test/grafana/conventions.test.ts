import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { AGENT_URL, dashboards } from "../../grafana/src/index.ts";
import { COLOURS } from "../../grafana/src/lib/colours.ts";
import { BOARDS, promqlOf, queriesOf } from "./support/boards.ts";
import { catalogue } from "./support/catalogue.ts";
import { HOSTILE } from "./support/load.ts";
import { parsePromql } from "./support/promql-selectors.ts";

const GRAFANA = join(import.meta.dirname, "../../grafana");
const NAMES = Object.keys(BOARDS);

test("the files are what the code makes: else run npm run dashboards", () => {
  expect(BOARDS).toEqual(JSON.parse(JSON.stringify(dashboards())));
});

test("the address of the agent can be told", () => {
  const out = mkdtempSync(join(tmpdir(), "sluice-dashboards-"));
  try {
    const script = join(import.meta.dirname, "../../scripts/dashboards.mjs");
    execFileSync(process.execPath, [script, "--out", out, "--agent-url", "https://sluice.example.com"], {
      stdio: "pipe",
    });
    const told = Object.keys(BOARDS).map((name) => readFileSync(join(out, `${name}.json`), "utf8"));
    expect(told.every((text) => text.includes("https://sluice.example.com") && !text.includes(AGENT_URL))).toBe(true);
  } finally {
    rmSync(out, { recursive: true });
  }
});

describe.each(NAMES)("%s", (name) => {
  const board = BOARDS[name]!;
  const text = JSON.stringify(board);

  test("can be provisioned: no id, no inputs, a schema that Grafana 10 knows", () => {
    expect(board.id).toBe(null);
    expect(text).not.toMatch(/__inputs|\$\{DS_/);
    expect(board.schemaVersion).toBe(38);
    expect(board.uid).toMatch(/^[a-z0-9-]{8,40}$/);
  });

  test("numbers its panels, and tells for each what it shows", () => {
    expect(board.panels.map(({ id }) => id)).toEqual(board.panels.map((_, index) => index + 1));
    const shown = board.panels.filter(({ type }) => type !== "row");
    for (const { title, description } of shown) {
      expect(title).toMatch(/^\S/);
      expect(description).toMatch(/^.{10,}[.?]$/);
    }
    expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length);
    for (const { fieldConfig } of shown) expect(fieldConfig!.defaults.noValue).toMatch(/\S/);
  });

  test("asks only the data sources that are provisioned", () => {
    const uids = [...text.matchAll(/"uid":"([^"]*)"/g)].map(([, uid]) => uid!).filter((uid) => uid !== board.uid);
    expect(
      [...new Set(uids)].filter((uid) => !["$datasource", "sluice-postgres", "-- Grafana --"].includes(uid)),
    ).toEqual([]);
  });

  test("has colours that everybody can tell apart, and none beside them", () => {
    const allowed = new Set<string>([...Object.values(COLOURS), "text"]);
    const used = [...text.matchAll(/"(?:color|fixedColor|iconColor)":"([^"]+)"/g)].map(([, color]) => color!);
    expect(used.filter((color) => !allowed.has(color))).toEqual([]);
    expect(text).not.toMatch(/palette-classic|continuous-[A-Z]\w*Rd|"(?:dark-|semi-dark-|light-)?red"/);
  });

  test("shows nothing as nothing, never in the colour of good", () => {
    for (const { title, type, fieldConfig } of board.panels) {
      if (type !== "stat" && type !== "table") continue;
      const empty = fieldConfig!.defaults.mappings!.filter((mapping) =>
        /"match":"null\+nan"/.test(JSON.stringify(mapping)),
      );
      expect([title, JSON.stringify(empty)]).toEqual([title, expect.stringContaining(COLOURS.unknown)]);
    }
  });

  test("lets one choose: several values and All, with All as a pattern that also takes names to come", () => {
    for (const { name, multi, includeAll, allValue } of board.templating.list.filter(({ type }) => type === "query")) {
      expect([name, multi, includeAll, new RegExp(`^(?:${allValue})$`).test(HOSTILE)]).toEqual([
        name,
        true,
        true,
        true,
      ]);
    }
  });

  test("uses each of its variables, and no other", () => {
    const defined = board.templating.list.map(({ name }) => name);
    const used = new Set([...text.matchAll(/\$\{?(?!__)([a-z]\w*)/g)].map(([, name]) => name!));
    expect([...used].sort()).toEqual([...defined].sort());
  });

  test("leads to dashboards that there are, and to the agent's page", () => {
    const uids = new Set(Object.values(BOARDS).map(({ uid }) => uid));
    for (const [, uid] of text.matchAll(/\/d\/([\w-]+)/g)) expect(uids).toContain(uid);
    expect(board.tags).toContain("sluice");
    expect(board.links.map(({ type, url, tags }) => url ?? `${type} ${tags}`)).toEqual([
      "dashboards sluice",
      "$agent_url/",
    ]);
  });

  test("limits every picture of pipelines to the chosen ones", () => {
    for (const { where, target } of promqlOf(queriesOf({ [name]: board }))) {
      for (const { metric, matchers } of parsePromql(target.expr!).selectors) {
        const ofPipelines = !/^(up$|sluice_|process_|nodejs_|gate_decisions_total$)/.test(metric);
        expect([where, metric, matchers.includes('pipeline_name=~"$pipeline_name"')]).toEqual([
          where,
          metric,
          ofPipelines,
        ]);
      }
    }
  });
});

test("metrics and labels are those of the catalogue", async () => {
  const known = await catalogue();
  const wrong: string[] = [];
  for (const { where, target } of promqlOf(queriesOf())) {
    const { selectors, labels } = parsePromql(target.expr!);
    const all = new Set(selectors.flatMap(({ metric }) => known.get(metric) ?? []));
    for (const label of labels) if (!all.has(label)) wrong.push(`${where} groups by ${label}`);
    for (const { metric, matchers } of selectors) {
      if (!known.has(metric)) wrong.push(`${where} asks for ${metric}`);
      for (const matcher of matchers) {
        const label = /^\w+/.exec(matcher)![0];
        if (!known.get(metric)?.includes(label)) wrong.push(`${where}: ${metric} has no label ${label}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("no threshold of a pipeline is typed in: what is compared with is exported", () => {
  for (const { where, target } of promqlOf(queriesOf())) {
    const compared = target.expr!.match(/data_quality_score|feature_drift_score|sla_rate_ratio/) !== null;
    // 0 and 1 are the ends of scales and flags, not thresholds.
    const numbers = target.expr!.replace(/"[^"]*"/g, "").match(/[<>]=?\s*(?:bool\s*)?[\d.]+/g) ?? [];
    expect([where, compared && numbers.some((number) => !/[<>]=?\s*(?:bool\s*)?[01]$/.test(number))]).toEqual([
      where,
      false,
    ]);
  }
});

test("the data sources are provisioned under the uids that the dashboards use", () => {
  const { datasources } = parse(readFileSync(join(GRAFANA, "provisioning/datasources/sluice.yaml"), "utf8"));
  expect(datasources.map(({ uid, type }: { uid: string; type: string }) => [uid, type])).toEqual([
    ["sluice-prometheus", "prometheus"],
    ["sluice-postgres", "postgres"],
  ]);
  const { providers } = parse(readFileSync(join(GRAFANA, "provisioning/dashboards/sluice.yaml"), "utf8"));
  expect(providers).toHaveLength(1);
  expect(providers[0]).toMatchObject({ type: "file", allowUiUpdates: false, disableDeletion: true });
});
