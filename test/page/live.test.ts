import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { apiKey } from "../support/agent.ts";
import { shippedAgent } from "./support/agent.ts";
import { accessibilityFaults, eventually, testBrowser } from "./support/browser.ts";
import { check, run } from "./support/reports.ts";

const reader = apiKey("reader", ["read"]);
const operator = apiKey("operator", ["read", "operate"]);
const reporter = apiKey("reporter", ["report"]);
const agent = await shippedAgent({ keys: [reader.entry, operator.entry, reporter.entry] });
const open = await testBrowser(agent.url);

/** The browser itself says of every answer 401 that it was one. */
const REFUSED = /status of 401/;
const AWAY = /status of 401|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|status of 503/;

async function signedIn(to: string, key: string, expected = REFUSED) {
  const page = await open(to, { expected });
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("API key").waitFor({ state: "detached" });
  return page;
}

const shell = (line: string) =>
  promisify(execFile)("sh", ["-c", line], { env: { ...process.env, SLUICE_API_KEY: reporter.key } });
const state = (page: Awaited<ReturnType<typeof open>>, name: string) =>
  page.locator(".board-row", { hasText: name }).locator(".state .word").textContent();

describe("on a first start", () => {
  test("the page gives a line for each language that works where it is pasted, and changes by itself", async () => {
    const page = await signedIn("/", operator.key);
    await page.getByRole("heading", { name: "Nothing was reported yet" }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const lines = await page.locator("pre").allTextContents();
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(JSON.parse((await shell(line)).stdout)).toMatchObject({ checks: [{ passed: true }] });
    await page.getByRole("link", { name: "hello" }).waitFor();
  });
});

describe("signing in", () => {
  test("refuses a wrong key and says so", async () => {
    const page = await open("/", { expected: REFUSED });
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel("API key").fill("sluice_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("this API key is not one of the agent's keys").waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test("lasts as long as the tab, and ends with signing out", async () => {
    const page = await signedIn("/about", reader.key);
    await page.getByRole("button", { name: /Sign out/ }).waitFor();
    await page.reload();
    await page.getByText("read", { exact: true }).waitFor();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(reader.key);
    await page.getByRole("button", { name: /Sign out/ }).click();
    await page.getByLabel("API key").waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test("with a key that may not read shows that, and nothing else", async () => {
    const page = await signedIn("/", reporter.key);
    await page.getByRole("heading", { name: "This key may not read" }).waitFor();
    expect(await page.getByRole("navigation", { name: "Views" }).getByRole("link").allTextContents()).toEqual([
      "About",
    ]);
  });
});

describe("live", () => {
  test("a gate closes and opens on the board without anybody asking", async () => {
    await agent.report(run("orders", "r1", 5000, [check("null_rate", 0.999)]), reporter.key);
    const page = await signedIn("/", reader.key);
    await eventually(() => state(page, "orders")).toBe("pass");
    await agent.report(run("orders", "r2", 3000, [check("null_rate", 0.5)]), reporter.key);
    await eventually(() => state(page, "orders")).toBe("block");
    await agent.report(run("orders", "r3", 1000, [check("null_rate", 1)]), reporter.key);
    await eventually(() => state(page, "orders")).toBe("pass");
  });

  test("a pipeline's view follows its runs", async () => {
    await agent.report(run("users", "u1", 5000, [check("unique", 1)]), reporter.key);
    const page = await signedIn("/pipelines/users", reader.key);
    const runs = page.getByRole("group", { name: /^Runs/ }).getByRole("button");
    await eventually(() => runs.count()).toBe(1);
    await agent.report(run("users", "u2", 1000, [check("unique", 0.2)]), reporter.key);
    await eventually(() => runs.count()).toBe(2);
    await page.getByRole("region", { name: "Decision" }).getByText("unique scored 0.2, 0.95 is required").waitFor();
  });
});

describe("overriding a gate", () => {
  test("is not offered to a key that may not", async () => {
    const page = await signedIn("/pipelines/users", reader.key);
    await page.getByRole("region", { name: "Decision" }).waitFor();
    expect(await page.getByRole("button", { name: /Override/ }).count()).toBe(0);
  });

  test("takes who, why and until when, shows them to all, and can be ended", async () => {
    const page = await signedIn("/pipelines/users", operator.key);
    await page.getByRole("button", { name: "Override the gate …" }).click();
    const form = page.getByRole("form", { name: "Override the gate" });
    expect(await accessibilityFaults(page)).toEqual([]);
    await form.getByRole("radio", { name: /pass/ }).check();
    await form.getByLabel("Why").fill("backfilled by hand, <b>OPS-312</b>");
    expect(await form.getByLabel("Who").inputValue()).toBe("operator");
    await form.getByLabel("Who").fill("dana");
    await form.locator("[name=expires_in]").selectOption("1h");
    await form.getByRole("button", { name: "Override" }).click();
    const decided = page.getByRole("region", { name: "Decision" });
    await decided.getByText("Overridden to pass").waitFor();
    const text = await decided.textContent();
    expect(text).toContain("dana");
    expect(text).toContain("backfilled by hand, <b>OPS-312</b>");
    expect(text).toMatch(/(59|60) min left|1 h left/);
    expect(text).toContain("unique scored 0.2, 0.95 is required");
    await page.getByRole("button", { name: "End now" }).click();
    await page.getByText("ended by operator").waitFor();
    await decided.getByText("Overridden to pass").waitFor({ state: "detached" });
    await decided.getByText("must not go on").waitFor();
  });
});

describe("when the agent goes away", () => {
  test("the page says so, keeps what it has, and goes on when it is back", async () => {
    const page = await signedIn("/", reader.key, AWAY);
    await eventually(() => state(page, "orders")).toBe("pass");
    await agent.kill();
    const banner = page.getByRole("status").filter({ hasText: "The agent does not answer" });
    await banner.waitFor();
    expect(await banner.textContent()).toMatch(/What you see is from \d\d:\d\d:\d\d UTC/);
    expect(await state(page, "orders")).toBe("pass");
    expect(await accessibilityFaults(page)).toEqual([]);
    await agent.start();
    // Before or after the page is back: it hears of it, or reads it.
    await agent.report(run("orders", "r9", 0, [check("null_rate", 0.1)]), reporter.key);
    await banner.waitFor({ state: "detached" });
    await eventually(() => state(page, "orders")).toBe("block");
  });
});
