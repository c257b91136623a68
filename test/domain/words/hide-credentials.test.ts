import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hideCredentials } from "../../../src/domain/words/hide-credentials.ts";
import { CORPUS, INNOCENT } from "../../secrets/corpus.ts";

describe("credentials in the output of programs", () => {
  test("are forty shapes and more", () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(40);
  });

  test.each(CORPUS)("$text: hidden", ({ text, secret }) => {
    expect(hideCredentials(text)).not.toContain(secret);
    expect(hideCredentials(text)).toContain("<secret>");
  });

  test("are hidden one beside the other, and what is hidden is not hidden again", () => {
    const all = CORPUS.map(({ text }) => text).join("\n");
    const shown = hideCredentials(all);
    for (const { secret } of CORPUS) expect(shown).not.toContain(secret);
    expect(hideCredentials(shown)).toBe(shown);
  });

  test.each(INNOCENT)("%s: stays readable", (text) => {
    expect(hideCredentials(text)).toBe(text);
  });

  test("any text is answered, whatever stands in it", () => {
    const pieces = fc.constantFrom(
      "--a-",
      "password",
      "=",
      ": ",
      '"',
      "://",
      "@",
      "eyJ",
      ".",
      "sk-",
      "-----BEGIN ",
      "x",
      " ",
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 3_000 }),
        (texts) => typeof hideCredentials(texts.join("")) === "string",
      ),
    );
  });
});
