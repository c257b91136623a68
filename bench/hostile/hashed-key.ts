import { createHash } from "node:crypto";
import type { ApiKeyConfig, KeyRole } from "../../src/config.ts";

/** A key as it is presented, and as it stands in sluice.yaml. */
export function hashedKey(name: string, roles: KeyRole[]): { key: string; entry: Omit<ApiKeyConfig, "pipelines"> } {
  const key = `sluice_bench_${name}_0123456789abcdef`;
  return { key, entry: { name, hash: createHash("sha256").update(key).digest("hex"), roles } };
}
