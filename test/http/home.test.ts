import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPage } from "../../scripts/lib/page.mjs";
import { root } from "../../scripts/lib/root.mjs";
import { homeRoute } from "../../src/http/routes/agent/home.ts";

const directory = mkdtempSync(path.join(tmpdir(), "sluice-home-"));
const built = Fastify();
const unbuilt = Fastify();
beforeAll(async () => {
  await buildPage(root, directory);
  homeRoute(built, `${directory}/`);
  homeRoute(unbuilt, `${directory}/nowhere/`);
});
afterAll(async () => {
  await Promise.all([built.close(), unbuilt.close()]);
  rmSync(directory, { recursive: true });
});

const BROWSER = { accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" };
const browse = (url: string) => built.inject({ url, headers: BROWSER });

describe("a browser", () => {
  test.each(["/", "/sla", "/notices", "/about", "/pipelines/orders", "/pipelines/a%2Fb/drift/%2E%3F"])(
    "gets the page at %s",
    async (url) => {
      const { statusCode, headers, body } = await browse(url);
      expect(statusCode).toBe(200);
      expect(headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(headers["cache-control"]).toBe("no-cache");
      expect(body).toContain('<div id="page">');
    },
  );

  test("is told to load nothing inline and nothing from elsewhere", async () => {
    const { headers, body } = await browse("/");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    expect(body).not.toMatch(/https?:|<style|style=|<script(?! type="module" src="\/)/);
  });

  test("finds every file that the page names, to keep for good, and packed", async () => {
    const files = [...(await browse("/")).body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    expect(files).toHaveLength(3);
    for (const url of files) {
      expect(url).toMatch(/^\/assets\/\w+-[A-Z0-9]{8}\.(js|css|svg)$/);
      const plain = await built.inject({ url });
      expect(plain.statusCode, url).toBe(200);
      expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      const packed = await built.inject({ url, headers: { "accept-encoding": "br" } });
      expect(packed.headers["content-encoding"]).toBe("br");
      expect(packed.headers["content-type"]).toBe(plain.headers["content-type"]);
      expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(plain.body);
    }
  });

  test.each(["/assets/", "/assets/nothing.js", "/assets/../index.html", "/assets/%2e%2e/index.html", "/elsewhere"])(
    "finds nothing at %s",
    async (url) => {
      expect((await browse(url)).statusCode).toBe(404);
    },
  );
});

describe("whoever is no browser", () => {
  test.each([
    ["curl", built, { accept: "*/*" }],
    ["a program without a preference", built, {}],
    ["an agent that was not built: a browser too", unbuilt, BROWSER],
  ])("(%s) is told where to go, with a line to paste", async (_who, app, headers) => {
    const answer = await app.inject({ url: "/", headers: { ...headers, host: "sluice.local:9877" } });
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "text/plain; charset=utf-8"]);
    expect(answer.body).toContain("curl -sS http://sluice.local:9877/v1/quality");
    for (const route of ["/docs", "/v1/pipelines", "/v1/gates", "/v1/sla", "/metrics"]) {
      expect(answer.body).toContain(`\n${route} `);
    }
  });

  test("gets no text of its own into the line to paste", async () => {
    const { body } = await built.inject({ url: "/", headers: { host: "a.b'; rm -rf /" } });
    expect(body).toContain("curl -sS http://localhost:9877/v1/quality");
  });
});

test("the page is small: what the board needs fits in 60 kB, packed", () => {
  const sizes = readdirSync(path.join(directory, "assets"))
    .filter((name) => /^(page|style)-.*\.br$/.test(name))
    .map((name) => statSync(path.join(directory, "assets", name)).size);
  expect(sizes).toHaveLength(2);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000);
});
