import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { canReach, postgresUser } from "./programs.mjs";

const MOST_AGENTS = 9;

export const HELP = `npm run stack -- [options]

  --dir PATH    keep everything here (default .cache/stack)
  --agents N    so many agents on the database, up to ${MOST_AGENTS}, behind HAProxy (default 1, without it)

Starts the agent, PostgreSQL, Prometheus, Alertmanager and a mail catcher on loopback ports, and prints their
addresses. The usual ports are taken where they are free. Ctrl-C ends all of it.`;

/** Throws an Error that names the allowed options. */
export function readOptions(args, root, user = postgresUser()) {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string" },
      agents: { type: "string", default: "1" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  const directory = values.dir === undefined ? defaultDirectory(root, user) : resolve(values.dir);
  const agents = Number(values.agents);
  if (!Number.isInteger(agents) || agents < 1 || agents > MOST_AGENTS) {
    throw new Error(`--agents is ${values.agents}, and has to be a number from 1 to ${MOST_AGENTS}`);
  }
  return { help: values.help, directory, agents };
}

/**
 * Under root PostgreSQL runs as another user, who may have no access to the clone: then a directory outside it, named after the
 * clone.
 */
function defaultDirectory(root, user) {
  if (canReach(user, root)) return join(root, ".cache", "stack");
  return `/var/tmp/sluice-stack-${createHash("sha256").update(root).digest("hex").slice(0, 8)}`;
}
