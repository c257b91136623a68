import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RELOADS } from "../../src/config.ts";

const page = readFileSync(new URL("../../docs/operating.md", import.meta.url), "utf8");

test("the table of what a running agent takes on names each key, in the order of the file, and is right", () => {
  const [section] = /^## Changing the configuration$[\s\S]*?(?=^## )/m.exec(page)!;
  const rows = [...section.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, key, holds]) => [key, holds]);
  expect(rows).toEqual(
    Object.entries(RELOADS).map(([key, reloads]) => [key, reloads ? "at once" : "from the next start"]),
  );
});
