import { expect, test } from "vitest";
import { figure, leftOut } from "../../bench/lib/figures.ts";
import { startPeers } from "../../bench/peers/peer.ts";

const sample = { rate: 5, server_us: 1 };

test("peers are warmed up before they are measured, and stopped in the end", async () => {
  const done: string[] = [];
  const peer = (name: string) => ({
    name,
    needs: [],
    async start() {
      return {
        async measure(seconds: number) {
          done.push(`${name} ${seconds}`);
          return sample;
        },
        async stop() {
          done.push(`${name} stopped`);
        },
      };
    },
  });
  const peers = await startPeers([peer("a"), peer("b")], { connections: 1, pipelines: 1 });
  for (const { measure } of peers.subjects(7)) expect(await measure(0)).toEqual(sample);
  await peers.stop();
  expect(done).toEqual(["a 2", "b 2", "a 7", "b 7", "a stopped", "b stopped"]);
});

test("the row of a peer that is left out says so, and neither meets nor misses its goal", () => {
  const row = leftOut("quality", "reports/s", 100, "etcd", { least: 1.5 });
  expect(row).toMatchObject({ against: "etcd: left out, not installed", theirs: Number.NaN, ratio: Number.NaN });
  expect(JSON.parse(JSON.stringify(row)).ratio).toBeNull();
  expect(figure("quality", "reports/s", 100, "etcd", 50).ratio).toBe(2);
});
