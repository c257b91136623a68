import { expect, test } from "vitest";
import { createSettings, liveDriftSettings, madeOf } from "../../src/app/settings.ts";
import { loadConfig, RELOADS } from "../../src/config.ts";
import { filesWith } from "../support/agent.ts";

const configOf = (yaml: string) => loadConfig({}, filesWith(yaml)).config;

test("of what changed that is taken on which may be, as a whole, and the rest stays as it was", () => {
  const first = configOf("retention: 30d\nsla: {target: 98}\nteams: [{team: a, pipelines: [x]}]\n");
  const settings = createSettings(first);
  const held = settings.now;
  const next = configOf("retention: 1d\nsla: {target: 90}\nteams: [{team: a, pipelines: [x]}]\nlog_level: debug\n");
  expect(settings.replace(next, { log_level: "no" })).toEqual({
    changed: ["sla"],
    need_restart: ["retention"],
    refused: { log_level: "no" },
  });
  expect(settings.now).toEqual({ ...first, sla: next.sla });
  // Whoever holds on to it sees no half of it.
  expect(held).toBe(first);
  expect(settings.now.teams).toBe(first.teams);
  expect(Object.isFrozen(settings.now)).toBe(true);
});

test("what needs a restart is named each time until there was one, and a refusal only where something changed", () => {
  const settings = createSettings(configOf("{}"));
  const next = configOf("limits: {batch_items: 7}\nalertmanager: {repeat_interval: 1h}\n");
  expect(settings.replace(next, { teams: "no" })).toEqual({
    changed: ["alertmanager"],
    need_restart: ["limits"],
    refused: {},
  });
  expect(settings.replace(next, {})).toEqual({ changed: [], need_restart: ["limits"], refused: {} });
});

test("the retention, which deletes history, holds from the next start", () => {
  expect(RELOADS.retention).toBe(false);
});

test("what is made of a part is made anew when the part was replaced, and not before", () => {
  const settings = createSettings(configOf("{}"));
  let made = 0;
  const target = madeOf(
    settings,
    ({ sla }) => sla,
    (sla) => {
      made++;
      return sla.target;
    },
  );
  const first = target();
  settings.replace(configOf("log_level: warn\n"), {});
  expect([target(), made]).toEqual([first, 1]);
  settings.replace(configOf("sla: {target: 42}\n"), {});
  expect([target(), target(), made]).toEqual([42, 42, 2]);
});

test("features are judged by what is configured of drift now", () => {
  const settings = createSettings(configOf("drift: {threshold: 0.3}\n"));
  const judge = liveDriftSettings(settings);
  expect(judge("orders", "age").threshold).toBe(0.3);
  settings.replace(
    configOf("drift: {features: [{pipeline_name: ord*, feature_name: age, threshold: 0.7, window: 1h}]}\n"),
    {},
  );
  expect(judge("orders", "age")).toMatchObject({ threshold: 0.7, window: 3_600_000 });
});
