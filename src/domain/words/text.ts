import { hideCredentials } from "./hide-credentials.ts";

const LONGEST = 8192;
const NOT_TEXT = /(?![\t\n])[\p{Cc}\p{Cs}]/gu;

/**
 * Cleans free text for storage: line ends as newlines, control characters (but tab and newline) and broken surrogates replaced,
 * cut to 8 KiB of UTF-8.
 */
export function cleanText(text: string): string {
  const clean = text.slice(0, LONGEST).replace(/\r\n?/g, "\n").replace(NOT_TEXT, "\ufffd");
  const bytes = new TextEncoder().encode(clean);
  if (bytes.length <= LONGEST) return clean;
  return new TextDecoder().decode(bytes.subarray(0, LONGEST)).replace(/\ufffd$/, "");
}

/** Cleans free text of a caller (an error, a reason, a note), and hides credentials that output of programs may hold. */
export function saidText(text: string): string {
  return hideCredentials(cleanText(text));
}

/** The first line that is not blank, for places with room for one. */
export function firstLine(text: string): string {
  return (
    text
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ?? ""
  );
}
