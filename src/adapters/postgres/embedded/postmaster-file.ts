import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { fileErrorCode } from "./file-error.ts";

const fileOf = (cluster: string) => path.join(cluster, "postmaster.pid");

/** The first line of postmaster.pid. The server removes the file when it stops in good order: `undefined`. */
export async function readPostmasterId(cluster: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(fileOf(cluster), "utf8"), 10);
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

export async function removePostmasterFile(cluster: string): Promise<void> {
  await rm(fileOf(cluster), { force: true });
}
