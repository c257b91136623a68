import path from "node:path";
import type { ConfigProblems } from "../problems.ts";
import { type Files, UnreadableFile } from "./files.ts";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a directory",
  ELOOP: "it is a link that leads to itself",
  ENOTDIR: "a part of its path is not a directory",
};

/** The secret in a file that `variable` names, without the line breaks at its end; null after a problem: no secret is empty. */
export function readSecretFile(files: Files, variable: string, name: string, problems: ConfigProblems): string | null {
  const text = readNamedFile(files, variable, name, problems);
  if (text === null) return null;
  if (text.trim() === "") {
    problems.add(variable, `${JSON.stringify(name)} given; the file is empty`);
    return null;
  }
  let end = text.length;
  while (text[end - 1] === "\n" || text[end - 1] === "\r") end--;
  return text.slice(0, end);
}

/** The text of a file that `variable` names; null after a problem, and where an optional one is not there. */
export function readNamedFile(
  files: Files,
  variable: string,
  name: string,
  problems: ConfigProblems,
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
    if (error instanceof UnreadableFile) {
      problems.add(variable, `${shown} given; ${error.message}`);
      return null;
    }
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    problems.add(variable, `${shown} given; ${REASONS[code] ?? "it cannot be read"} (${code})`);
    return null;
  }
}
