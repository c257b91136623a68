import { expect, test } from "vitest";
import { shippedAgent } from "./support/agent.ts";
import { accessibilityFaults, eventually, testBrowser } from "./support/browser.ts";
import { check } from "./support/reports.ts";

/** npm run test:full has more of them. */
const PIPELINES = Number(process.env.SLUICE_TEST_BOARD ?? 5000);
const BLOCKED = PIPELINES / 50;
const name = (i: number) => `pipeline_${String(i).padStart(4, "0")}`;

const agent = await shippedAgent({ config: { limits: { new_pipelines_per_minute: 2 * PIPELINES } } });
const run_id = "r";
await agent.report(
  Array.from({ length: PIPELINES }, (_, i) => [
    { pipeline_name: name(i), run_id, ...check("complete", i % 50 === 0 ? 0.2 : 1) },
    { kind: "run", pipeline_name: name(i), run_id, status: "success" },
  ]).flat(),
);
const open = await testBrowser(agent.url);

test(`a board of ${PIPELINES} pipelines has all of them, and few rows in the document`, async () => {
  const page = await open("/");
  const table = page.getByRole("table");
  await eventually(() => table.getAttribute("aria-rowcount")).toBe(String(PIPELINES + 1));
  await page.getByText(`${BLOCKED} of ${PIPELINES.toLocaleString("en")} pipelines may not go on.`).waitFor();
  expect(await page.locator(".board-row").count()).toBeLessThan(80);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const last = page.locator(`.board-row[aria-rowindex="${PIPELINES + 1}"]`);
  await last.waitFor();
  expect(await last.isVisible()).toBe(true);
  expect(await page.locator(".board-row").count()).toBeLessThan(80);
  expect(await accessibilityFaults(page)).toEqual([]);
});

test(`one of ${PIPELINES} is found by its name, and followed`, async () => {
  const page = await open("/?q=pipeline_4321");
  const row = page.locator(".board-row");
  await eventually(() => row.count()).toBe(1);
  expect(await row.locator(".word").textContent()).toBe("pass");
  const reports = [{ pipeline_name: name(4321), run_id: "r2", ...check("complete", 0.1) }];
  await agent.report([...reports, { kind: "run", pipeline_name: name(4321), run_id: "r2", status: "success" }]);
  await eventually(() => row.locator(".word").textContent()).toBe("block");
});

test("the Tab key goes on past the rows that were in the document at first", async () => {
  const page = await open("/");
  // Until all are there, worse ones may still come before the others.
  const table = page.getByRole("table");
  await eventually(() => table.getAttribute("aria-rowcount")).toBe(String(PIPELINES + 1));
  await page.locator(".board-row a").first().focus();
  for (let i = 0; i < 60; i++) await page.keyboard.press("Tab");
  const row = page.locator(".board-row:focus-within");
  expect(Number(await row.getAttribute("aria-rowindex"))).toBe(62);
});
