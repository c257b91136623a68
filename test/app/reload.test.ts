import type { FastifyRequest } from "fastify";
import { expect, test, vi } from "vitest";
import { createReload } from "../../src/app/reload.ts";
import { createSettings } from "../../src/app/settings.ts";
import { createTakings } from "../../src/app/taking.ts";
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
  const log = { warn, info, error: vi.fn(), debug: vi.fn() };
  const policies = { load: async () => {} };
  const reload = createReload({
    agent: { read() {} },
    settings: createSettings({ ...config, listen: { ...config.listen, host }, api_keys: [entry] }),
    takings: createTakings({
      life: { log, setLogLevel() {} },
      authenticator,
      policies,
      notices: { replace: async () => {} },
    }),
    log,
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
  await vi.waitFor(() => expect(info).toHaveBeenCalledWith(expect.anything(), "the configuration was read again"));
  return {
    authenticator,
    said: Object.assign({}, ...[...warn.mock.calls, ...info.mock.calls].map(([fields]) => fields)),
  };
}

test("an agent that others can reach keeps its last key until the next start, and says so", async () => {
  const { authenticator, said } = await withdrawLastKey("0.0.0.0");
  expect(() => authenticator.caller(LOCAL)).toThrow(/missing/);
  expect(said).toEqual({
    changed: [],
    need_restart: ["listen"],
    refused: { api_keys: "the agent listens on 0.0.0.0:9877, where others can reach it: one key has to stay" },
  });
});

test("an agent that listens to itself alone goes on without a key", async () => {
  const { authenticator, said } = await withdrawLastKey("127.0.0.1");
  expect(authenticator.caller(LOCAL).roles).toBe("all");
  expect(said).toEqual({ changed: ["api_keys"] });
});
