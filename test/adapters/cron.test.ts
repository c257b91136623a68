import { afterEach, expect, test, vi } from "vitest";
import { startCron } from "../../src/adapters/cron.ts";
import { SILENT } from "../support/database.ts";

const stops: (() => unknown)[] = [];
const cron = startCron({ log: SILENT, onStop: (_name, run) => void stops.push(run) });
afterEach(async () => {
  for (const stop of stops) await stop();
});

test("a bell rings at its time, which it tells in whole minutes, and no more when all is stopped", async () => {
  const rung: number[] = [];
  // With a sixth field, seconds: nobody wants to wait for a minute here.
  await cron.at("* * * * * *", "Europe/Berlin", "bell", async (at) => void rung.push(at));
  await vi.waitFor(() => expect(rung.length).toBeGreaterThan(1), { timeout: 25_000 });
  for (const at of rung) expect(at % 60_000).toBe(0);
});
