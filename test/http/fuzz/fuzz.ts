import { connect } from "node:net";
import fc from "fast-check";
import type { Answer, TestAgent } from "../../support/agent.ts";
import { answerJudge } from "./judge.ts";
import { type Hostile, hostileRequest } from "./requests.ts";

export interface FuzzReport {
  requests: number;
  by_status: Record<string, number>;
  seconds: number;
  /** Bytes of resident memory: after a tenth of the requests, and at the end. */
  memory: [number, number];
}

const AT_ONCE = 16;
const PORTION = 200;

/** Sends so many hostile requests, with honest ones among them; throws at the first answer that may not be. */
export async function fuzz(
  agent: TestAgent,
  { requests, seed }: { requests: number; seed: number },
): Promise<FuzzReport> {
  const judge = await answerJudge(agent);
  const by_status: Record<string, number> = {};
  const started = performance.now();
  let early = 0;
  for (let sent = 0; sent < requests; sent += PORTION) {
    const portion = fc.sample(hostileRequest, { numRuns: Math.min(PORTION, requests - sent), seed: seed + sent });
    const send = async () => {
      for (let next = portion.pop(); next !== undefined; next = portion.pop()) {
        const answer = await sendHostile(agent, next);
        const status = answer === null ? "cut" : judge(next, answer);
        by_status[status] = (by_status[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    const honest = await agent.post("/v1/quality", { pipeline_name: "honest", check_name: "c", score: 1 });
    if (honest.status !== 200) throw new Error(`an honest report was answered with ${honest.text}`);
    if (early === 0 && sent >= requests / 10) early = process.memoryUsage.rss();
  }
  return {
    requests,
    by_status,
    seconds: (performance.now() - started) / 1000,
    memory: [early, process.memoryUsage.rss()],
  };
}

export async function sendHostile(agent: TestAgent, sending: Hostile): Promise<Answer | null> {
  if (sending.cut === undefined) return agent.send(sending);
  const body = Buffer.from(sending.body ?? "");
  const head = `${sending.method} ${sending.path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length + 1}\r\n\r\n`;
  await new Promise<void>((resolve) => {
    const socket = connect(agent.port, "127.0.0.1", () => {
      socket.write(Buffer.concat([Buffer.from(head), body.subarray(0, sending.cut)]), () => socket.destroy());
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
  return null;
}
