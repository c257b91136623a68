import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { shippedAgent } from "./support/agent.ts";
import { accessibilityFaults, eventually, testBrowser } from "./support/browser.ts";
import { CONFIG, HOSTILE, history } from "./support/reports.ts";

const hook = createServer((_request, response) => response.end()).listen(0, "127.0.0.1");
await once(hook, "listening");
afterAll(() => hook.close());
const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
const notices = { channels: [{ name: "hook", type: "webhook", url }] };
const agent = await shippedAgent({ config: { ...CONFIG, notices } });
await agent.report(history());
const open = await testBrowser(agent.url);

const rows = (page: Page) => page.locator(".board-row");
const section = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true }).first();
const pipeline = (name: string, ...more: string[]) =>
  `/${["pipelines", name, ...more].map(encodeURIComponent).join("/")}`;

describe("the board", () => {
  test("shows every gate, worst first, causes before what follows from them", async () => {
    const page = await open("/");
    await rows(page).first().waitFor();
    const words = await rows(page).locator(".state .word").allTextContents();
    const ranks = words.map((word) => ["block", "unknown", "pending", "warn", "pass"].indexOf(word));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(words)).toEqual(new Set(["block", "unknown", "pending", "warn", "pass"]));
    const names = await rows(page).locator(".cell-name a").allTextContents();
    expect(names.indexOf("orders_daily")).toBeLessThan(names.indexOf("features"));
    const orders = rows(page).filter({ hasText: "orders_daily" }).first();
    expect(await orders.textContent()).toContain("holds up 1 pipeline");
    expect(await page.getByRole("table").getAttribute("aria-rowcount")).toBe(String(names.length + 1));
  });

  test("is searched, and filtered by state and team, in the address too", async () => {
    const page = await open("/");
    await rows(page).first().waitFor();
    await page.getByRole("searchbox").fill("commerce null_rate");
    await eventually(() => rows(page).count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("q")).toBe("commerce null_rate");
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "unknown" }).click();
    await eventually(() => rows(page).locator(".cell-name a").allTextContents()).toEqual(["weather"]);
    await page.getByRole("button", { name: "unknown" }).click();
    await page.getByRole("combobox", { name: /^Team/ }).selectOption("ml");
    await eventually(async () => (await rows(page).locator(".cell-name a").allTextContents()).sort()).toEqual([
      "features",
      "model",
    ]);
    await page.goto(page.url());
    await eventually(() => rows(page).count()).toBe(2);
  });

  test("is gone through with the keyboard", async () => {
    const page = await open("/");
    await rows(page).first().waitFor();
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to the content");
    await rows(page).filter({ hasText: "weather" }).getByRole("link").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "weather" }).waitFor();
    // The heading of the new view has the focus, so that it is read out.
    await eventually(() => page.locator("h1:focus").count()).toBe(1);
    await page.goBack();
    await rows(page).first().waitFor();
  });
});

describe("a pipeline", () => {
  test("says what is decided and why, in sentences", async () => {
    const page = await open(pipeline("orders_daily"));
    const decided = section(page, "Decision");
    await decided.getByText("null_rate scored 0.91, 0.95 is required").waitFor();
    const text = await decided.textContent();
    expect(text).toContain("Work that needs this data must not go on.");
    for (const code of ["quality_below_threshold", "records_below_minimum", "feature_drifted"])
      expect(text).toContain(code);
  });

  test("shows runs, counts, checks, freshness, and what is upstream and downstream", async () => {
    const page = await open(pipeline("orders_daily"));
    const runs = page.getByRole("group", { name: /^Runs/ }).getByRole("button");
    await eventually(() => runs.count()).toBe(21);
    expect(await page.getByRole("button", { name: /failed.*connection refused/ }).count()).toBe(1);
    expect(await section(page, "Records by stage").textContent()).toContain("4,120");
    expect(await section(page, "Quality checks").textContent()).toMatch(/null_ratenot passed0\.910\.95/);
    expect(await section(page, "How far the data goes").textContent()).toContain("2 h ago");
    expect(await section(page, "Upstream and downstream").textContent()).toContain("is needed by 1 pipeline");
    await runs.nth(9).click();
    await eventually(() => section(page, "Quality checks").textContent()).toMatch(/null_ratenot passed0\.91/);
    expect(new URL(page.url()).searchParams.get("run")).not.toBeNull();
    await page.getByRole("link", { name: "features" }).click();
    await page.getByRole("heading", { level: 1, name: "features" }).waitFor();
    await section(page, "Decision").getByText("upstream_blocked").waitFor();
  });

  test("that was never heard of is said to be so", async () => {
    const page = await open(pipeline("nothing/here"), { expected: /404/ });
    await page.getByText("nothing was ever reported").first().waitFor();
  });
});

describe("drift", () => {
  test("shows both histograms, what each bin adds, and the verdict in words", async () => {
    const page = await open(pipeline("orders_daily", "drift", "age"));
    await page.getByText(/^\u2068age\u2069 has drifted: its PSI of [\d.]+ is above 0\.2/).waitFor();
    expect(await page.locator(".bin").count()).toBe(5);
    await page.getByText("Histograms as a table").click();
    const table = await section(page, "Shares of the rows in each bin").textContent();
    // 400 of 1000 where 100 were expected: (0.4 − 0.1) · ln 4.
    expect(table).toMatch(/10\s%40\s%0\.416/);
    await page
      .getByRole("img", { name: /^PSI over time/ })
      .locator("canvas")
      .waitFor();
  });

  test("of an earlier run is shown when that is chosen", async () => {
    const page = await open(pipeline("orders_daily", "drift", "age"));
    await page.getByText("History as a table").click();
    await page.locator("details[open] tbody tr").nth(3).getByRole("link").click();
    await page.getByText("This is not the latest verdict").waitFor();
    await page.getByText(/^\u2068age\u2069 is stable/).waitFor();
    await page.getByRole("link", { name: "Show that" }).click();
    await page.getByText(/^\u2068age\u2069 has drifted/).waitFor();
  });

  test("says when there will be enough rows to know", async () => {
    const page = await open(pipeline("orders_daily", "drift", "amount"));
    await page.getByText(/^Nobody can tell whether \u2068amount\u2069 has drifted: with 20 rows/).waitFor();
    await page.getByText(/rows would be enough to know/).waitFor();
  });
});

describe("SLA", () => {
  test("is a calendar, a budget, a table, and a file", async () => {
    const page = await open(pipeline("orders_daily", "sla"));
    await page.getByText(/of 42 checks passed in the last 30 days/).waitFor();
    expect(await page.locator(".days .day.breaching").count()).toBe(2);
    await page.getByText("Error budget overspent").waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const csv = await readFile((await (await download).path())!, "utf8");
    expect(csv.split("\n")[0]?.trim()).toBe("day,total,passed,excluded,rate,state");
  });

  test("of all pipelines has the breaching ones first", async () => {
    const page = await open("/sla");
    const states = page.locator("tbody .state .word");
    await states.first().waitFor();
    const words = await states.allTextContents();
    expect(words[0]).toBe("breaching");
    expect(words.lastIndexOf("breaching")).toBeLessThan(words.indexOf("ok"));
  });
});

test("notices are listed with what became of them, and sent again", async () => {
  const page = await open("/notices");
  const row = page.locator("tbody tr", { hasText: "orders_daily" }).first();
  await row.waitFor();
  await eventually(() => row.locator(".state .word").textContent()).toBe("sent");
  const again = page.waitForResponse((response) => response.url().endsWith("/resend"));
  await row.getByRole("button", { name: /^Send again/ }).click();
  expect((await again).status()).toBe(200);
});

describe("hostile names", () => {
  test.each(Object.entries(HOSTILE))("of the kind %s are text everywhere", async (_kind, name) => {
    const page = await open("/");
    await page.getByRole("link", { name, exact: true }).click();
    await eventually(() => page.locator("h1 .name").textContent()).toBe(name);
    await section(page, "Quality checks").getByText(name, { exact: true }).waitFor();
    await section(page, "Records by stage").getByText(name, { exact: true }).waitFor();
    expect(await page.locator("main img, main script, main b").count()).toBe(0);
    expect(await widerThanTheScreen(page)).toBeLessThanOrEqual(0);
    await page.reload();
    await eventually(() => page.locator("h1 .name").textContent()).toBe(name);
  });
});

const VIEWS: [string, string, string][] = [
  ["the board", "/", ".board-row"],
  ["a pipeline", pipeline("orders_daily"), ".runs"],
  ["drift", pipeline("orders_daily", "drift"), ".histogram"],
  ["a pipeline's SLA", pipeline("orders_daily", "sla"), ".calendar"],
  ["SLA", "/sla", "tbody tr"],
  ["notices", "/notices", "tbody tr"],
  ["about", "/about", ".facts"],
];

describe.each(VIEWS)("%s", (_view, to, settled) => {
  test("fits a phone, and has no serious accessibility fault there, in light colours and in dark ones", async () => {
    const page = await open(to, { width: 390 });
    await page.locator(settled).first().waitFor();
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await widerThanTheScreen(page)).toBeLessThanOrEqual(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});

function widerThanTheScreen(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

test("the colours can be chosen, and stay so", async () => {
  const page = await open("/about", { colours: "light" });
  const colour = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await colour();
  await page.getByLabel("Colours").selectOption("dark");
  await eventually(colour).not.toBe(light);
  await page.reload();
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await colour()).not.toBe(light);
});
