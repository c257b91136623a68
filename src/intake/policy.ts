import { compileCheck } from "../contract/check.ts";
import { PolicyOverlay as PolicySchema } from "../contract/gate-policy.ts";
import type { PolicyOverlay } from "../domain/gate/policy/policy.ts";
import { readPolicy, type WrittenPolicy } from "../domain/gate/policy/written-policy.ts";
import { nfcValues } from "../domain/words/nfc.ts";
import { SluiceError } from "../errors.ts";

const check = compileCheck(PolicySchema);

/** A policy as it is written in sluice.yaml, as part of a body: durations are texts. */
export function readOverlay(written: unknown, field: string): PolicyOverlay {
  const found = check(written);
  if (found === null) return readPolicy(nfcValues(written) as WrittenPolicy);
  const errors = found.map(({ path, message }) => ({ path: path === "" ? field : `${field}.${path}`, message }));
  throw new SluiceError("invalid_body", errors.map(({ path, message }) => `${path}: ${message}`).join("; "), {
    errors,
  });
}
