/** The configuration file as it was read. */
export interface FileText {
  /** Its name. */
  file: string;
  text: string;
}

/**
 * Why a text cannot be what somebody meant to write, where that shows: a save that is not atomic, a checkout or a full disk leaves
 * an empty or a shorter file, and what is not there would be read as a default. `before` is what held until now; null: nothing.
 */
export function lostText(text: string, before: FileText | null): string | null {
  if (text.trim() === "") {
    const how = before === null ? "remove it, or write {} into it," : "write {} into it";
    return `the file is empty; ${how} where nothing is to be set`;
  }
  if (before === null) return null;
  if (before.text.endsWith("\n") && !text.endsWith("\n")) {
    return "the last line does not end with a line break as it did before, so the file may be half written; end it with one";
  }
  const end = text.trimEnd();
  if (before.text.length > text.length && before.text.startsWith(text) && (end.endsWith(":") || end.endsWith("-"))) {
    return "the file ends in the middle of what it was, with a key and nothing behind it, so it may be half written";
  }
  return null;
}
