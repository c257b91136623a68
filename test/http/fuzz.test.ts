import { expect, test } from "vitest";
import { takeLog, testAgentOf, testServer } from "../support/agent.ts";
import { fuzz } from "./fuzz/fuzz.ts";

// More of them, or others: FUZZ_REQUESTS=100000 FUZZ_SEED=7 npx vitest run test/http/fuzz.test.ts
const requests = Number(process.env.FUZZ_REQUESTS ?? 2000);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_120);
/** Generous: the machine may be busy with something else. */
const MS_EACH = 30;

const agent = await testAgentOf(await testServer(), { metrics: { series_cap: 20_000 } });

test(
  `${requests} hostile requests get no 5xx, break nothing, and honest ones are served among them`,
  async () => {
    const report = await fuzz(agent, { requests, seed });
    if (process.env.FUZZ_REQUESTS !== undefined) process.stdout.write(`${JSON.stringify({ seed, ...report })}\n`);
    const [early, late] = report.memory;
    expect(late - early).toBeLessThan(400 * 1024 * 1024);
    expect(report.by_status["200"]).toBeGreaterThan(requests / 10);
    expect(report.by_status["422"]).toBeGreaterThan(requests / 20);
    const lines = takeLog();
    expect(lines.filter(({ level }) => level === "error")).toEqual([]);
  },
  Math.max(180_000, requests * MS_EACH),
);
