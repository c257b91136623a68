import { expect, test } from "vitest";
import { StorageTrouble } from "../../../../src/adapters/postgres/connection/storage-trouble.ts";
import { StoreError } from "../../../../src/ports.ts";

test("is remembered for half a minute after the last report that failed by it, and over with one that is stored", () => {
  let now = 1000;
  const trouble = new StorageTrouble(() => now);
  const failed = (sqlstate?: string) => trouble.heard(new StoreError("unavailable", "no", { sqlstate, cause: null }));
  for (const other of [undefined, "57014", "08006", "25006"]) failed(other);
  expect(trouble.why).toBeNull();
  failed("53200");
  expect(trouble.why).toBe("the store is out of resources (53200): reports cannot be stored");
  now += 20_000;
  failed("53100");
  now += 30_000;
  expect(trouble.why).toBe("the store has a full disk: reports cannot be stored");
  now += 1;
  expect(trouble.why).toBeNull();
  failed("58030");
  trouble.heard(null);
  expect(trouble.why).toBeNull();
});
