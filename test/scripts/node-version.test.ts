import { expect, test } from "vitest";
import { nodeProblem } from "../../scripts/lib/node-version.mjs";

test.each(["20.19.0", "20.19.1", "20.20.2", "22.0.0", "100.1.0", "21.0.0-nightly"])("Node %s will do", (version) => {
  expect(nodeProblem(version, ">=20.19.0")).toBeUndefined();
});

test.each(["20.18.3", "18.20.8", "9.11.2"])("Node %s is too old, and the message says what to do", (version) => {
  expect(nodeProblem(version, ">=20.19.0")).toBe(
    `Sluice needs Node.js 20.19.0 or newer, and this is ${version}.\n` +
      "Install a newer one (https://nodejs.org/en/download, or a version manager such as nvm or fnm), then run this again.",
  );
});
