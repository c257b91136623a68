import path from "node:path";
import type { Files } from "./files.ts";
import type { Problems } from "./problems.ts";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of its path is not a directory",
};

/** The text of a file that `variable` names; null after a problem, and where an optional one is not there. */
export function readNamedFile(
  files: Files,
  variable: string,
  name: string,
  problems: Problems,
  { optional = false } = {},
): string | null {
  const shown = JSON.stringify(name);
  if (name.trim() === "") {
    problems.add(variable, `${shown} given; must be the path of a file`);
    return null;
  }
  try {
    const text = files.read(path.resolve(files.directory, name));
    if (text === null && !optional)
      problems.add(variable, `${shown} given; there is no such file (looked for in ${files.directory})`);
    return text;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    problems.add(variable, `${shown} given; ${REASONS[code] ?? "it cannot be read"} (${code})`);
    return null;
  }
}
