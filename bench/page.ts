import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type Browser, chromium, type Page } from "playwright-core";
import { startAgent } from "./lib/agent.ts";
import { figure, report, say } from "./lib/figures.ts";
import { alternate } from "./lib/rounds.ts";

/** The page with 5 000 pipelines: the first row in sight, all of them there, and the work of a frame while scrolling, beside an empty page. */

const PIPELINES = 5000;
const ROUNDS = 7;
const SCROLLED = 60_000;

const agent = await startAgent();
say(`reporting ${PIPELINES} pipelines`);
const reports = Array.from({ length: PIPELINES }, (_, i) => {
  const common = { pipeline_name: `pipeline_${String(i).padStart(4, "0")}`, run_id: "r" };
  return [
    { kind: "quality", ...common, check_name: "complete", score: i % 50 === 0 ? 0.2 : 1 },
    { kind: "run", ...common, status: "success" },
  ];
}).flat();
for (let from = 0; from < reports.length; from += 5000) {
  const body = JSON.stringify(reports.slice(from, from + 5000));
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${agent.url}/v1/reports`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(await answer.text());
}

/** As tall as the board, with nothing in it. */
const empty = createServer((_request, response) => {
  response.setHeader("content-type", "text/html");
  response.end(`<!doctype html><title>empty</title><div class="board-row" style="height:${PIPELINES * 44}px">x</div>`);
});
await new Promise<void>((resolve) => empty.listen(0, "127.0.0.1", resolve));
const emptyUrl = `http://127.0.0.1:${(empty.address() as { port: number }).port}/`;

const browser: Browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

async function withPage(url: string, task: (page: Page) => Promise<number>): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    await page.goto(url, { waitUntil: "commit" });
    return await task(page);
  } finally {
    await page.close();
  }
}

/** Milliseconds from the navigation to when the selector's first element is painted. */
const shownAfter = (url: string, selector: string) =>
  withPage(url, async (page) => {
    await page.waitForSelector(selector);
    return page.evaluate(
      () => new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now()))),
    );
  });

/** Milliseconds of the processor that a frame takes while the whole board goes by, eleven rows a frame. */
const scrolling = (url: string, selector: string) =>
  withPage(url, async (page) => {
    await page.waitForSelector(selector);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const busy = async () => {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration")!.value * 1000;
    };
    const before = await busy();
    const frames = await page.evaluate(
      (distance) =>
        new Promise<number>((resolve) => {
          let count = 0;
          const step = () => {
            count++;
            if (scrollY >= distance) return resolve(count);
            scrollBy(0, 500);
            requestAnimationFrame(step);
          };
          requestAnimationFrame(step);
        }),
      SCROLLED,
    );
    return ((await busy()) - before) / frames;
  });

const ALL = `[aria-rowcount="${PIPELINES + 1}"]`;
const ms = await alternate(ROUNDS, [
  { name: "first row", measure: () => shownAfter(agent.url, ".board-row") },
  { name: "all rows", measure: () => shownAfter(agent.url, ALL) },
  { name: "empty page", measure: () => shownAfter(emptyUrl, ".board-row") },
  { name: "scrolling", measure: () => scrolling(agent.url, ALL) },
  { name: "scrolling an empty page", measure: () => scrolling(emptyUrl, ".board-row") },
]);
await browser.close();
empty.close();
const bytes = await sizeOf();
await agent.dispose();
report(
  "page",
  `the board with ${PIPELINES} pipelines, in Chromium`,
  [
    figure("first row in sight", "ms", ms["first row"]!, "empty page", ms["empty page"]!),
    figure("all of them there", "ms", ms["all rows"]!, "empty page", ms["empty page"]!),
    figure(
      "processor time of a frame while scrolling",
      "ms",
      ms.scrolling!,
      "empty page",
      ms["scrolling an empty page"]!,
    ),
  ],
  { bytes },
);
process.exit(0);

/** Bytes over the wire for the first paint: the document, its script and its style, packed. */
async function sizeOf(): Promise<number> {
  const html = await (await fetch(agent.url, { headers: { accept: "text/html" } })).text();
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
  const main = await readFile("dist/main.js", "utf8");
  const build = /\.\/([^/]+)\//.exec(main)![1]!;
  const sizes = await Promise.all(files.map(async (file) => (await readFile(`dist/${build}/page${file}.br`)).length));
  return sizes.reduce((sum, size) => sum + size, html.length);
}
