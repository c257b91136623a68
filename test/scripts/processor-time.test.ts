import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { processorSeconds, treeSeconds } from "../../bench/lib/processor.ts";

test("the time of a process and all below it holds that of children that have ended", async () => {
  const counting = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
  const parent = spawn("sh", ["-c", `sh -c '${counting}; exit 0'; echo ended; read line`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const before = treeSeconds(parent.pid!);
    await once(parent.stdout!, "data");
    // The child alone has counted: without it the parent has next to nothing, in steps of 10 ms.
    expect(treeSeconds(parent.pid!)).toBeGreaterThan(processorSeconds(parent.pid!) + 0.05);
    expect(treeSeconds(parent.pid!)).toBeGreaterThan(before + 0.05);
  } finally {
    parent.stdin!.end("\n");
    await once(parent, "close");
  }
});

test("the time of a process that has ended is an error", async () => {
  const child = spawn("true", { stdio: "ignore" });
  await once(child, "close");
  expect(() => treeSeconds(child.pid!)).toThrow(/has ended/);
});
