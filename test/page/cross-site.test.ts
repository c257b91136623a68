import http from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";

const agent = await testAgentOf(await testServer());

/** A site of somebody else: localhost is another host than 127.0.0.1 to a browser, and the same machine. */
const elsewhere = http.createServer((_request, response) => {
  response.setHeader("content-type", "text/html");
  response.end("<!doctype html><title>elsewhere</title><form method=post></form>");
});
await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
afterAll(async () => {
  await browser.close();
  elsewhere.close();
});

const counts = (low: number, high: number) => ({
  pipeline_name: "orders",
  run_id: `${low}-${high}`,
  features: { amount: { counts: [low, high] } },
});
const active = async () => ((await agent.get("/v1/references/orders/amount")).body as { version: string }).version;

test("a page of another site cannot make a run's histogram the reference of a keyless agent", async () => {
  const put = { method: "PUT", path: "/v1/references/orders/amount", headers: { "content-type": "application/json" } };
  await agent.send({ ...put, body: JSON.stringify({ counts: [5000, 5000] }) });
  const before = await active();
  expect((await agent.post("/v1/drift", counts(9500, 500))).body).toMatchObject({
    features: { amount: { verdict: "drifted" } },
  });
  const target = `http://127.0.0.1:${agent.port}/v1/references/orders/amount/promote`;
  const { port } = elsewhere.address() as AddressInfo;

  for (const origin of [`http://localhost:${port}`, `http://127.0.0.1:${port}`]) {
    const page = await browser.newPage();
    const statuses: number[] = [];
    page.on("response", (response) => {
      if (response.url().startsWith(target)) statuses.push(response.status());
    });
    await page.goto(origin);
    await page.evaluate(async (url) => {
      await fetch(`${url}?by=fetch`, { method: "POST", mode: "no-cors" }).catch(() => {});
      navigator.sendBeacon(`${url}?by=beacon`);
    }, target);
    const answered = page.waitForResponse((response) => response.url().startsWith(`${target}?by=form`));
    await page.evaluate((url) => {
      const form = document.forms[0]!;
      form.action = `${url}?by=form`;
      form.submit();
    }, target);
    expect((await answered).status()).toBe(403);
    expect(statuses.filter((status) => status !== 403)).toEqual([]);
    expect(await active()).toBe(before);
    await page.close();
  }

  // The same request from the agent's own page is taken: what was refused is where it came from.
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${agent.port}/healthz`);
  const status = await page.evaluate(
    async (url) =>
      (
        await fetch(url, {
          method: "POST",
          body: '{"run_id":"9500-500"}',
          headers: { "content-type": "application/json" },
        })
      ).status,
    target,
  );
  expect(status).toBe(200);
  expect(await active()).not.toBe(before);
});
