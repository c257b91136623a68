import { access, constants, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { type AgentPlace, bad, type Finding, ok, warn } from "./finding.ts";

const MIB = 1024 * 1024;
/** A fresh cluster takes 40 MiB, and its log may grow by 1 GiB. */
const LEAST_FREE = 200 * MIB;
const COMFORTABLE = 2048 * MIB;

/** Where the embedded Postgres keeps its data: writable, and room for more. */
export async function checkDataDirectory({ config: { data_dir } }: AgentPlace): Promise<Finding[]> {
  const check = "data directory";
  const there = await nearestExisting(data_dir);
  if (!(await stat(there)).isDirectory()) {
    return [bad(check, `${there} is not a directory`, "set SLUICE_DATA_DIR to a directory")];
  }
  const writable = await access(there, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable) {
    const detail = there === data_dir ? `${data_dir} is not writable` : `${data_dir} cannot be made in ${there}`;
    return [
      bad(check, `${detail} for this user`, "let its owner run the agent, or set SLUICE_DATA_DIR to another place"),
    ];
  }
  const { bavail, bsize } = await statfs(there);
  const free = bavail * bsize;
  const detail = `${data_dir}${there === data_dir ? "" : " (will be made)"}, ${Math.floor(free / MIB)} MiB free`;
  if (free < LEAST_FREE) return [bad(check, detail, "make room: with a full disk no report can be stored")];
  if (free < COMFORTABLE) return [warn(check, detail, "make room soon, or shorten retention")];
  return [ok(check, detail)];
}

async function nearestExisting(directory: string): Promise<string> {
  for (let place = directory; ; place = path.dirname(place)) {
    const there = await stat(place).then(
      () => true,
      () => false,
    );
    if (there || place === path.dirname(place)) return place;
  }
}
