import { mkdtempSync } from "node:fs";
import path from "node:path";
import { afterEach } from "vitest";
import { type Client, type ClientOptions, createClient } from "../../../src/client/index.ts";

export interface LoggedClient extends Client {
  readonly warnings: string[];
  readonly spool: string;
}

/** A client of this process with a spool and a log of its own, closed after the test. */
export function clientMaker(directory: string): (url: string, options?: ClientOptions) => LoggedClient {
  const clients: Client[] = [];
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
  return (url, options = {}) => {
    const warnings: string[] = [];
    const spool = options.spool || mkdtempSync(path.join(directory, "spool-"));
    const logger = { warn: (message: string) => void warnings.push(message) };
    const client = createClient({ url, logger, spool, signals: false, flushDeadlineSeconds: 20, ...options });
    clients.push(client);
    return Object.assign(client, { warnings, spool });
  };
}
