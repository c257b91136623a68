import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Page } from "playwright-core";
import { afterAll, afterEach, expect, vi } from "vitest";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Debian's. */
const PROGRAM = "/usr/bin/chromium";

interface Opening {
  /** Trouble that belongs to the test: an agent that is away, a wrong key. */
  expected?: RegExp;
  colours?: "light" | "dark";
  width?: number;
}

type Open = (to: string, opening?: Opening) => Promise<Page>;

/**
 * Chromium for the file that calls this, with one page whose session begins anew for each test. What troubles the page
 * fails the test: errors, warnings of the console, refused content, requests to elsewhere.
 */
export async function testBrowser(origin: string): Promise<Open> {
  // A browser on a busy machine is slow, and nothing here is a claim of speed.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  const browser = await chromium.launch({ executablePath: PROGRAM, args: ["--no-sandbox"] });
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  const trouble: string[] = [];
  let expected: RegExp | undefined;
  watch(page, origin, trouble);
  await page.exposeFunction("policyBroken", (text: string) => trouble.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      (window as unknown as { policyBroken(text: string): void }).policyBroken(`${violatedDirective} ${blockedURI}`);
    });
  });
  afterEach(async () => {
    if (page.url().startsWith(origin)) {
      await page.evaluate(() => {
        sessionStorage.clear();
        localStorage.clear();
      });
    }
    await page.goto("about:blank");
    const unexpected = trouble.splice(0).filter((text) => !expected?.test(text));
    expect(unexpected).toEqual([]);
  });
  afterAll(() => browser.close());

  return async function open(to, opening = {}) {
    expected = opening.expected;
    await page.setViewportSize({ width: opening.width ?? 1280, height: 900 });
    await page.emulateMedia({ colorScheme: opening.colours ?? "light" });
    await page.goto(origin + to);
    return page;
  };
}

function watch(page: Page, origin: string, trouble: string[]): void {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) trouble.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(`${origin}/`) && !/^(blob|about):/.test(to)) trouble.push(`request to ${to}`);
  });
}

/** Asks until it is so, for as long as a busy machine may need. */
export function eventually<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { timeout: 120_000, interval: 100 });
}

/** The faults that axe-core calls serious or critical, as sentences. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    interface Axe {
      run(where: Document, options: object): Promise<{ violations: Violation[] }>;
    }
    interface Violation {
      id: string;
      impact: string;
      nodes: { html: string; failureSummary: string }[];
    }
    const { axe } = window as unknown as { axe: Axe };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
      );
  });
}
