// Stands in for src/app/app.ts in the bundled program: what STUB says goes wrong, and else an HTTP server that takes what comes.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Config } from "../../src/config.ts";

const wrong = process.env.STUB;

export async function createApp({ listen, api_keys }: Config) {
  const server = createServer((request, response) => {
    const { authorization = "none" } = request.headers;
    request.setEncoding("utf8");
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => response.end(`${request.method} ${request.url} ${authorization} ${body}\n`));
  });
  return {
    failed: new Promise<string>((resolve) => {
      if (wrong === "lost") setTimeout(() => resolve("another agent holds the database"), 200);
    }),
    crash() {},
    async start() {
      if (wrong === "coded") {
        const message = "An agent is running on /data already (see postgres://app:hunter2@db/orders).";
        throw Object.assign(new Error(message), { code: "data_dir_in_use" });
      }
      if (wrong === "uncoded") throw new Error("nobody thought of this");
      if (wrong === "unreachable") {
        const errors = [new Error("connect ECONNREFUSED ::1:5432"), new Error("connect ECONNREFUSED 127.0.0.1:5432")];
        throw Object.assign(new AggregateError(errors), { code: "ECONNREFUSED" });
      }
      if (wrong === "slow start") {
        process.stderr.write("starting\n");
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      }
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(listen.port, listen.host, resolve);
      });
      return {
        url: `http://${api_keys.length > 0 ? "0.0.0.0" : listen.host}:${(server.address() as AddressInfo).port}`,
      };
    },
    leave() {
      process.stderr.write("leaving\n");
      return true;
    },
    async stop() {
      if (wrong === "slow stop") {
        process.stderr.write("stopping\n");
        await new Promise(() => {});
      }
      server.close();
      process.stderr.write("stopped\n");
    },
  };
}

export async function migrateDatabase({ database_url }: Config): Promise<number[]> {
  if (wrong === "coded") throw Object.assign(new Error("password authentication failed"), { code: "28P01" });
  return database_url?.endsWith("new") ? [1, 2] : [];
}
