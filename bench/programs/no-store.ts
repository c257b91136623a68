import { createLog } from "../../src/adapters/process/log.ts";
import { nameLimits } from "../../src/app/name-limits.ts";
import { filesOnDisk, loadConfig } from "../../src/config.ts";
import { Authenticator } from "../../src/http/access/auth.ts";
import { reportRoutes } from "../../src/http/routes/commit/reports.ts";
import { createServer } from "../../src/http/server/server.ts";
import type { AcceptReports } from "../../src/service/commit/accept-reports.ts";
import type { Outcome } from "../../src/service/commit/submission.ts";
import { NewNames } from "../../src/service/new-names/new-names.ts";

// The agent's own server and routes with nothing behind them: every report that reads well is accepted at once.

const { config } = loadConfig({}, filesOnDisk("/"));
const log = createLog("warn");
const server = await createServer({
  authenticator: new Authenticator([]),
  limits: config.limits,
  trusted_proxies: [],
  own_hosts: () => [],
  log,
  ready: () => true,
  onAnswer: () => {},
});
const accepted: Outcome = { accepted: true, duplicate: false, answer: null };
const accept = { submit: async (submissions: readonly unknown[]) => submissions.map(() => accepted) };
reportRoutes(server, {
  accept: accept as unknown as AcceptReports,
  intake: () => ({ now: Date.now(), oldest: Date.now() - config.retention }),
  aliases: new Map(),
  names: new NewNames(nameLimits(config.limits), { now: Date.now }),
  onRefused() {},
  batch_items: config.limits.batch_items,
});
server.get("/", { config: { role: "none" } }, async () => "ready");
await server.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
