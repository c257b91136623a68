import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText } from "../../../src/domain/words/text.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

describe("free text", () => {
  test.each([
    ["plain", "plain"],
    ["", ""],
    ["tab\tand\nnewline", "tab\tand\nnewline"],
    ["a\r\nb\rc\n", "a\nb\nc\n"],
    [
      "nul\u0000, escape \u001b[31m, delete \u007f, C1 \u0085",
      "nul\ufffd, escape \ufffd[31m, delete \ufffd, C1 \ufffd",
    ],
    ["\ud83d alone, alone \ude00, whole 😀", "\ufffd alone, alone \ufffd, whole 😀"],
    ["every script: 管 ümläut e\u0301 עברית", "every script: 管 ümläut e\u0301 עברית"],
  ])("%j is kept as %j", (text, kept) => {
    expect(cleanText(text)).toBe(kept);
  });

  test("of up to 8 KiB is kept whole, and longer text is cut between characters", () => {
    expect(cleanText("x".repeat(8192))).toHaveLength(8192);
    expect(cleanText("x".repeat(9000))).toBe("x".repeat(8192));
    expect(cleanText("é".repeat(5000))).toBe("é".repeat(4096));
    expect(cleanText("管".repeat(5000))).toBe("管".repeat(2730));
    expect(cleanText(`x${"😀".repeat(5000)}`)).toBe(`x${"😀".repeat(2047)}`);
    expect(cleanText(`${"x".repeat(8191)}😀`)).toBe("x".repeat(8191));
  });

  test("is always storable: no control characters, no half surrogates, at most 8 KiB; and stays as it is", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary", minLength: 1, maxLength: 20 }).map((s) => s.repeat(600)),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("", "\ud800", "\udc00", "\r"), (start, end) => {
        const clean = cleanText(start + end);
        expect(clean).not.toMatch(/(?![\t\n])[\p{Cc}\p{Cs}]/u);
        expect(bytes(clean)).toBeLessThanOrEqual(8192);
        expect(cleanText(clean)).toBe(clean);
      }),
    );
  });
});
