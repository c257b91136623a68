import type { FastifyRequest } from "fastify";
import { expect, test, vi } from "vitest";
import { createReload } from "../../src/app/reload.ts";
import { loadConfig } from "../../src/config.ts";
import { Authenticator } from "../../src/http/access/auth.ts";
import { apiKey, filesWith } from "../support/agent.ts";

const { entry } = apiKey("only", ["read"]);
const LOCAL = { headers: { host: "localhost" } } as FastifyRequest;

/** Begins with one key on this address, and reads a file without keys, which says that it listens to itself alone. */
async function withdrawLastKey(host: string) {
  const authenticator = new Authenticator([entry]);
  const { config } = loadConfig({}, filesWith("{}\n"));
  const warn = vi.fn();
  const info = vi.fn();
  let ask = () => {};
  const reload = createReload({
    agent: { read() {} },
    gates: { replacePolicies: async () => {} },
    authenticator,
    config: { ...config, listen: { ...config.listen, host }, api_keys: [entry] },
    log: { warn, info, error: vi.fn(), debug: vi.fn() },
    reloads: {
      load: () => config,
      file: null,
      onRequest(listener) {
        ask = listener;
        return () => {};
      },
    },
  });
  reload.watch(() => {});
  ask();
  await vi.waitFor(() => expect(info).toHaveBeenCalledWith({}, "the gates' policies were read again"));
  await Promise.resolve();
  return { authenticator, changed: warn.mock.calls.flatMap(([fields]) => fields.changed as string[]) };
}

test("an agent that others can reach keeps its last key until the next start, and says so", async () => {
  const { authenticator, changed } = await withdrawLastKey("0.0.0.0");
  expect(() => authenticator.caller(LOCAL)).toThrow(/missing/);
  expect([...changed].sort()).toEqual(["api_keys", "listen"]);
});

test("an agent that listens to itself alone goes on without a key", async () => {
  const { authenticator, changed } = await withdrawLastKey("127.0.0.1");
  expect(authenticator.caller(LOCAL).roles).toBe("all");
  expect(changed).not.toContain("api_keys");
});
