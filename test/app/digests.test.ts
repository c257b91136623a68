import { expect, test } from "vitest";
import type { Cron } from "../../src/adapters/cron/cron.ts";
import { Digests } from "../../src/app/notices/digests.ts";
import { loadConfig } from "../../src/config.ts";
import type { SendDigestDeps } from "../../src/service/notices/send-digest.ts";
import { filesWith } from "../support/agent.ts";

const digestsOf = (...lines: string[]) =>
  loadConfig(
    {},
    filesWith(`notices:
  channels: [{name: a, type: webhook, url: "http://127.0.0.1:9/"}]
  digests: [${lines.join(", ")}]
`),
  ).config.notices.digests;

test("a digest that is as it was keeps its timer, one that changed gets another, one that is gone none", async () => {
  const said: string[] = [];
  const at: Cron["at"] = async (expression) => {
    said.push(`begin ${expression}`);
    return () => void said.push(`end ${expression}`);
  };
  const digests = new Digests({ at } as Cron, {} as SendDigestDeps);
  const [day, week, other] = [
    '{period: day, cron: "0 8 * * *", channels: [a]}',
    '{period: week, cron: "0 9 * * 1", channels: [a]}',
    '{period: week, cron: "0 10 * * 1", channels: [a]}',
  ];
  await digests.replace(digestsOf(day, week));
  await digests.replace(digestsOf(day, other));
  await digests.replace(digestsOf(day, other));
  await digests.replace(digestsOf(other));
  expect(said).toEqual(["begin 0 8 * * *", "begin 0 9 * * 1", "end 0 9 * * 1", "begin 0 10 * * 1", "end 0 8 * * *"]);
});
