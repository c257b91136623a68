// node scripts/preview-notices.mjs [FOLDER]: the messages people get, as pages and, where chromium is installed, as pictures:
// Slack's blocks drawn to look like Slack, the mail and the digest as they are. Without FOLDER into docs/images.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { root } from "./lib/root.mjs";
import { slackPage } from "./lib/slack-page.mjs";

const run = promisify(execFile);
const folder = resolve(process.argv[2] ?? join(root, "docs/images"));
await mkdir(folder, { recursive: true });
const work = await mkdtemp(join(tmpdir(), "sluice-preview-"));
try {
  const { samples, digest, slackMessage, messagePage } = await bundled();
  const pages = {
    "notice-slack": [slackPage(samples.map((message) => slackMessage(message))), 720, 100],
    "notice-slack-digest": [slackPage([slackMessage(digest)]), 820, 100],
    "notice-email": [messagePage(samples[0]), 700, 100],
    "notice-digest": [messagePage(digest), 760, 100],
  };
  for (const [name, [html, width, height]] of Object.entries(pages)) {
    const page = join(work, `${name}.html`);
    await writeFile(page, html);
    await picture(page, join(folder, `${name}.png`), width, height);
    process.stdout.write(`${join(folder, `${name}.png`)}\n`);
  }
} finally {
  await rm(work, { recursive: true, force: true });
}

/** The agent's own rendering, and messages to show it with. */
async function bundled() {
  const esbuild = await import("esbuild");
  const outfile = join(work, "messages.mjs");
  await esbuild.build({
    absWorkingDir: root,
    stdin: {
      contents: `export * from "./scripts/lib/sample-notices.ts";
        export { slackMessage } from "./src/adapters/notify/slack-blocks.ts";
        export { messagePage } from "./src/adapters/notify/message-page.ts";`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "warning",
  });
  return import(pathToFileURL(outfile).href);
}

async function picture(page, file, width, height) {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
  try {
    const tab = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 });
    await tab.goto(pathToFileURL(page).href);
    const full = join(work, "full.png");
    await tab.screenshot({ path: full, fullPage: true });
    await run("cp", [full, file]);
  } finally {
    await browser.close();
  }
}
