import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startService } from "./service.mjs";

/** Redis on loopback, behind a password, with nothing on disk: what it carries is over in seconds. */
export async function startRedis({ directory, log, port, password }) {
  mkdirSync(directory, { recursive: true });
  const config = join(directory, "redis.conf");
  const lines = ["bind 127.0.0.1", `port ${port}`, `requirepass ${password}`, 'save ""', "appendonly no"];
  writeFileSync(config, `${lines.join("\n")}\n`, { mode: 0o600 });
  const service = startService({ name: "Redis", command: "redis-server", args: [config], log, cwd: directory });
  await service.ready(() => {
    // The password goes by the environment: the command line can be read by every user of the machine.
    const env = { ...process.env, REDISCLI_AUTH: password };
    const { stdout } = spawnSync("redis-cli", ["-p", String(port), "ping"], { env, encoding: "utf8" });
    return stdout?.trim() === "PONG";
  });
  return { ...service, url: `redis://:${password}@127.0.0.1:${port}` };
}
