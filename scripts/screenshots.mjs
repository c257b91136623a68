// node scripts/screenshots.mjs: the pictures of the page in docs/images, from an agent that the demo filled.
// SLUICE_URL: that agent; without it one is started and the demo is run against it first.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { addDays, lastFinishedDay } from "../examples/flights/calendar.mjs";
import { troubleOf } from "../examples/flights/troubles.mjs";
import { build } from "./lib/build.mjs";
import { freePort } from "./lib/free-port.mjs";
import { root } from "./lib/root.mjs";

const PIPELINE = "flights_daily";
/** Pipelines that depend on that of the demo, and others to fill the board. */
const CONFIG = {
  teams: [
    { team: "flights", pipelines: ["flights_daily", "airports"] },
    { team: "ml", pipelines: ["delay_features", "delay_model"] },
  ],
  gate: {
    policies: [
      { pipeline_name: "flights_daily", depends_on: ["airports"] },
      { pipeline_name: "delay_features", depends_on: ["flights_daily"] },
      { pipeline_name: "delay_model", depends_on: ["delay_features"] },
      { pipeline_name: "crew_roster", requires: { checks: ["every_flight_staffed"] } },
    ],
  },
};

/** Name, address, width, the element to wait for, and the element at the bottom of the picture. */
const VIEWS = [
  ["board", "/", 1280, ".board-row", ".board"],
  ["pipeline", `/pipelines/${PIPELINE}`, 1280, "section:has(> section[aria-label='Quality checks'])", null],
  ["drift", newestDrift, 1280, ".chart canvas", ".section:last-of-type"],
  ["sla", `/pipelines/${PIPELINE}/sla?days=90`, 1280, ".calendar", ".section:last-of-type"],
  ["phone", "/", 390, ".board-row", ".board-row:nth-child(7)"],
];

const url = process.env.SLUICE_URL ?? null;
const agent = url === null ? await startAgent() : { url, stop: async () => {} };
try {
  if (url === null) await fill(agent.url);
  await takePictures(agent.url);
} finally {
  await agent.stop();
}

async function startAgent() {
  await build(root);
  const directory = mkdtempSync(join(tmpdir(), "sluice-screenshots-"));
  // Under root the embedded server runs as another user, who needs access to its directory.
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, "sluice.yaml"), JSON.stringify(CONFIG));
  const port = await freePort();
  const env = { ...process.env, SLUICE_LISTEN: `127.0.0.1:${port}`, SLUICE_LOG_LEVEL: "warn" };
  const child = spawn(process.execPath, [join(root, "dist/main.js"), "serve"], {
    cwd: directory,
    env,
    stdio: "ignore",
  });
  const address = `http://127.0.0.1:${port}`;
  while (!(await isReady(address))) {
    if (child.exitCode !== null) throw new Error(`the agent ended with ${child.exitCode}`);
    await sleep(100);
  }
  return {
    url: address,
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function isReady(address) {
  return fetch(`${address}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** The demo, and the pipelines around it. */
async function fill(address) {
  const demo = spawn(process.execPath, [join(root, "examples/flights/demo.mjs"), "--until", newestBadDay()], {
    env: { ...process.env, SLUICE_URL: address },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(demo, "exit");
  if (code !== 0) throw new Error(`the demo ended with ${code}`);
  const now = Date.now();
  const reports = [
    ...ended("airports", 3, now, [{ kind: "records", stage: "load", count: 312 }, check("unique_codes", 1)]),
    ...ended("delay_features", 2, now, [check("complete", 0.998)]),
    ...ended("delay_model", 1, now, [check("auc", 0.93, 0.9)]),
    ...ended("crew_roster", 2, now, [check("no_double_shift", 1)]),
    ...ended("gate_changes", 4, now, [{ ...check("on_time", 0.7, 0.8), severity: "warn" }, check("valid", 1)]),
    ...ended("weather_metar", 5, now, []),
    ...ended("baggage_events", 1, now, [
      check("null_rate", 0.91, 0.95),
      { kind: "records", stage: "transform", count: 48_000 },
      { kind: "records", stage: "load", count: 4_120, expected_min: 10_000 },
    ]),
    ...ended("fuel_invoices", 6, now, [check("sum_matches", 0.4)], { status: "failed", error: "connection refused" }),
  ];
  await post(address, "/v1/reports", reports);
  await post(address, "/v1/gates/fuel_invoices/overrides", {
    decision: "pass",
    reason: "loaded by hand from the supplier's file, OPS-312",
    actor: "dana",
    expires_in: "4h",
  });
}

/** Ends the demo with a day of bad data: a closed gate shows more than an open one. */
function newestBadDay() {
  let day = lastFinishedDay(Date.now());
  while (troubleOf(day)?.rows === undefined) day = addDays(day, -1);
  return day;
}

/** The address of a feature that had drifted. */
async function newestDrift(address) {
  const answer = await fetch(`${address}/v1/drift/${PIPELINE}/delay?limit=200`);
  const { items } = await answer.json();
  const { run_id } = items.find(({ verdict, psi }) => verdict === "drifted" && psi < 1);
  return `/pipelines/${PIPELINE}/drift/delay?run=${run_id}`;
}

function check(check_name, score, threshold = 0.95) {
  return { kind: "quality", check_name, score, threshold };
}

/** A run that ended `hours` before now. */
function ended(pipeline_name, hours, now, evidence, more = {}) {
  const at = new Date(now - hours * 3_600_000).toISOString();
  const common = { pipeline_name, run_id: at.slice(0, 10), at };
  const run = { kind: "run", ...common, status: "success", duration_seconds: 60 + hours, ...more };
  return [...evidence.map((body) => ({ ...common, ...body })), run];
}

async function post(address, path, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(address + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

async function takePictures(address) {
  const images = join(root, "docs/images");
  mkdirSync(images, { recursive: true });
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    for (const [name, path, width, awaited, last] of VIEWS) {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: "light" });
      await page.goto(address + (typeof path === "function" ? await path(address) : path));
      await page.locator(awaited).first().waitFor();
      // Waits until charts are drawn and further requests are answered.
      await page.waitForLoadState("load");
      await sleep(1500);
      const end = await page
        .locator(last ?? awaited)
        .first()
        .boundingBox();
      const file = join(images, `page-${name}.png`);
      const clip = { x: 0, y: 0, width, height: Math.ceil(end.y + end.height) + 14 };
      await page.screenshot({ path: file, fullPage: true, clip });
      await page.close();
      process.stdout.write(`${file} ${Math.round(statSync(file).size / 1024)} KiB\n`);
    }
  } finally {
    await browser.close();
  }
}
