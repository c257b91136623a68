import { expect, test } from "vitest";
import { shippedAgent } from "./support/agent.ts";
import { eventually, testBrowser } from "./support/browser.ts";
import { cuttableFront } from "./support/front.ts";
import { check, run } from "./support/reports.ts";

const agent = await shippedAgent();
const front = await cuttableFront(agent.url);
const open = await testBrowser(front.url);
/** The browser itself says of each broken connection that it was one. */
const BROKEN =
  /ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_CONNECTION_CLOSED|status of 503/;

test("a connection that breaks is no agent that is away: the page hears what it missed, and reads no list again", async () => {
  await agent.report(run("orders", "r1", 5000, [check("null_rate", 0.999)]));
  const page = await open("/", { expected: BROKEN });
  const state = () => page.locator(".board-row", { hasText: "orders" }).locator(".state .word").textContent();
  await eventually(state).toBe("pass");
  await page.locator(".liveness.live").waitFor();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));

  front.cut();
  await agent.report(run("orders", "r2", 3000, [check("null_rate", 0.5)]));
  await eventually(state).toBe("block");
  expect(asked).toEqual(["/v1/events"]);
  expect(await page.getByRole("status").filter({ hasText: "does not answer" }).count()).toBe(0);
});

test("the browser's own EventSource comes back by itself, and is told what it missed", async () => {
  const page = await open("/", { expected: BROKEN });
  await page.evaluate(() => {
    const heard = { opened: 0, gates: [] as string[] };
    const events = new EventSource("/v1/events");
    events.onopen = () => heard.opened++;
    events.addEventListener("gate", ({ data }) => heard.gates.push(JSON.parse(data).decision));
    Object.assign(window, { heard });
  });
  const heard = () => page.evaluate(() => (window as unknown as { heard: { opened: number; gates: string[] } }).heard);
  await eventually(heard).toEqual({ opened: 1, gates: [] });
  front.cut();
  await agent.report(run("orders", "r3", 1000, [check("null_rate", 1)]));
  await eventually(heard).toEqual({ opened: 2, gates: ["pass"] });
});
