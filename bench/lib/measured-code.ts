import { execFileSync } from "node:child_process";

/** The commit that a bench measured, and whether files of src differed from it. Null outside a clone. */
export function measuredCode(): { commit: string | null; changed_since: boolean | null } {
  try {
    const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).trim();
    return { commit: git("rev-parse", "HEAD"), changed_since: git("status", "--porcelain", "--", "src") !== "" };
  } catch {
    return { commit: null, changed_since: null };
  }
}
