// npm run stack: the agent with PostgreSQL, Prometheus and Alertmanager from Debian's packages, without Docker.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureDebianPackages } from "./lib/apt.mjs";
import { withLock } from "./lib/lock.mjs";
import { fail, prepare, say } from "./lib/prepare.mjs";
import { root } from "./lib/root.mjs";
import { HELP, readOptions } from "./stack/options.mjs";
import { startStack } from "./stack/start-stack.mjs";

async function main() {
  const options = readOptions(process.argv.slice(2), root);
  if (options.help) return void process.stdout.write(`${HELP}\n`);
  const program = await prepare();
  await ensureDebianPackages({ say });
  mkdirSync(options.directory, { recursive: true });
  const onWait = () =>
    say(`another stack runs in ${options.directory}; waiting for its end (--dir PATH starts one beside it) …`);
  await withLock(join(options.directory, "stack.lock"), () => run(program, options), { onWait });
}

async function run(program, { directory, agents }) {
  const interrupted = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve(undefined));
  });
  // Imported late: `prepare` installs it first.
  const { startMailCatcher } = await import("./stack/mail-catcher.mjs");
  const mail = await startMailCatcher({ port: 0, onMail: keepMail(join(directory, "mail")) });
  const stack = await startStack({ root, program, directory, smtp: mail.address, say, agents });
  try {
    process.stdout.write(`${summary(stack, directory)}\n`);
    const trouble = await Promise.race([interrupted, stack.ended]);
    if (trouble) throw new Error(trouble);
    say("stopping …");
  } finally {
    await stack.stop();
    await mail.stop();
  }
}

function keepMail(folder) {
  mkdirSync(folder, { recursive: true });
  return ({ to, raw }) => {
    const file = join(folder, `${new Date().toISOString().replace(/[:.]/g, "-")}.eml`);
    writeFileSync(file, raw);
    say(`mail to ${to.join(", ")}: ${file}`);
  };
}

function summary({ urls, secrets, logs }, directory) {
  const agents = urls.agents.length > 1 ? `\n  its agents     ${urls.agents.join("  ")}` : "";
  return `
  Sluice         ${urls.agent}${agents}
  Prometheus     ${urls.prometheus}/alerts
  Alertmanager   ${urls.alertmanager}
  mail           ${join(directory, "mail")}
  Slack          put the URL of an incoming webhook into ${join(secrets, "slack_api_url")}
  logs           ${logs}

  SLUICE_URL=${urls.agent} npm run demo   sends it something to look at.
  Ctrl-C ends all of it; the data stays in ${directory}.`;
}

await main().catch((error) => fail(error.message));
