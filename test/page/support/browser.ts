import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, expect } from "vitest";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Debian's. */
const PROGRAM = "/usr/bin/chromium";

export interface Watched {
  readonly page: Page;
  /** What must not be: errors, warnings of the console, refused content, requests to elsewhere. */
  readonly trouble: string[];
}

interface Opening extends BrowserContextOptions {
  /** Trouble that belongs to the test: an agent that is away, a wrong key. */
  expected?: RegExp;
}

/**
 * Chromium for the file that calls this. `open` gives a page in a session of its own; whatever troubles one fails the
 * test that it was opened in.
 */
export async function testBrowser(origin: string) {
  const browser: Browser = await chromium.launch({ executablePath: PROGRAM, args: ["--no-sandbox"] });
  const contexts: BrowserContext[] = [];
  const opened: (Watched & { expected: RegExp | undefined })[] = [];
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    for (const { trouble, expected } of opened.splice(0)) {
      expect(trouble.filter((text) => !expected?.test(text))).toEqual([]);
    }
  });
  afterAll(() => browser.close());

  return async function open(to: string, { expected, ...options }: Opening = {}): Promise<Watched> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const trouble: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) trouble.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("blob:")) {
        trouble.push(`request to ${request.url()}`);
      }
    });
    await page.exposeFunction("policyBroken", (text: string) => trouble.push(`policy: ${text}`));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        (window as unknown as { policyBroken(text: string): void }).policyBroken(`${violatedDirective} ${blockedURI}`);
      });
    });
    opened.push({ page, trouble, expected });
    await page.goto(origin + to);
    return { page, trouble };
  };
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
