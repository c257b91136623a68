import { describe, expect, test } from "vitest";
import { ConfigError, loadConfig, reloading } from "../../src/config.ts";

const WHOLE = `# Policies.
gate:
  policies:
    - pipeline_name: orders
      run: warn
    - pipeline_name: users
      run: warn
`;

/** What a second reading says where the file was `before` and is `now` (null: not there): the problem, or the policies. */
function reread(before: string | null, now: string | null, env: Record<string, string> = {}): string {
  let text = before;
  const files = { directory: "/etc", read: (name: string) => (name.endsWith("sluice.yaml") ? text : null) };
  const again = reloading(env, files, loadConfig(env, files));
  text = now;
  try {
    return `${again().gate.entries.length} policies`;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ message }) => message).join("; ");
    throw error;
  }
}

describe("where there was a file,", () => {
  test.each<[string, string | null, string | RegExp]>([
    ["a missing one", null, "the file is gone; put it back, or start the agent anew where there is to be none"],
    ["an empty one", "", "the file is empty; write {} into it where nothing is to be set"],
    ["one of blanks", " \n\n", "the file is empty; write {} into it where nothing is to be set"],
    [
      "one of comments",
      "# Policies.\n",
      "the file sets nothing and did before; write {} into it where nothing is to be set",
    ],
    ["a null", "null\n", "the file sets nothing and did before; write {} into it where nothing is to be set"],
    ["its first lines", "# Policies.\ngate:\n", /^the file ends in the middle of what it was, with a key/],
    [
      "more of its lines",
      "# Policies.\ngate:\n  policies:\n",
      /^the file ends in the middle of what it was, with a key/,
    ],
  ])("%s is a wrong one", (_what, now, message) => {
    expect(reread(WHOLE, now)).toMatch(message);
  });

  test("one that is cut anywhere within a line is a wrong one", () => {
    for (let length = 1; length < WHOLE.length; length++) {
      const cut = WHOLE.slice(0, length);
      if (cut.endsWith("\n")) continue;
      expect([cut, reread(WHOLE, cut)]).toEqual([cut, expect.not.stringMatching(/^\d+ policies$/)]);
    }
  });

  test.each<[string, string, string]>([
    ["fewer policies", WHOLE.split("    - pipeline_name: users")[0]!, "1 policies"],
    ["{} for none", "{}\n", "0 policies"],
    ["another one", "gate: {policies: [{pipeline_name: a, run: off}]}\n", "1 policies"],
  ])("what is plainly meant is taken: %s", (_what, now, policies) => {
    expect(reread(WHOLE, now)).toBe(policies);
  });

  test("a named one that is gone is said by its variable", () => {
    expect(reread(WHOLE, null, { SLUICE_CONFIG: "/etc/sluice.yaml" })).toMatch(/there is no such file/);
  });

  test("a wrong one does not take its place: the next is held against the one that holds", () => {
    let text = WHOLE;
    const files = { directory: "/etc", read: (name: string) => (name.endsWith("sluice.yaml") ? text : null) };
    const again = reloading({}, files, loadConfig({}, files));
    for (const wrong of ["", "# Policies.\n", "gate: {"]) {
      text = wrong;
      expect(again).toThrow(ConfigError);
    }
    text = `${WHOLE}# more\n`;
    expect(again().gate.entries).toHaveLength(2);
  });
});

describe("where there was none,", () => {
  test("none is none, and one that comes is looked after from then on", () => {
    expect(reread(null, null)).toBe("0 policies");
    expect(reread(null, WHOLE)).toBe("2 policies");
    let text: string | null = null;
    const files = { directory: "/etc", read: (name: string) => (name.endsWith("sluice.yaml") ? text : null) };
    const again = reloading({}, files, loadConfig({}, files));
    text = WHOLE;
    expect(again().gate.entries).toHaveLength(2);
    text = null;
    expect(again).toThrow(/the file is gone/);
  });
});

test("ten thousand keys of a map are read, and one that is there twice is told", () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `  old_${i}: new_${i}\n`).join("");
  const files = (text: string) => ({
    directory: "/etc",
    read: (name: string) => (name.endsWith("sluice.yaml") ? text : null),
  });
  expect(Object.keys(loadConfig({}, files(`aliases:\n${lines}`)).config.aliases)).toHaveLength(10_000);
  expect(() => loadConfig({}, files(`aliases:\n${lines}  old_7: other\n`))).toThrow(
    /sluice.yaml:10002:3: this key is there twice/,
  );
});
