import { readFileSync } from "node:fs";

/** The file system, as far as the configuration needs it. */
export interface Files {
  /** Where relative paths start. */
  directory: string;
  /** null when there is no such file; throws an error with the system's `code` when it cannot be read. */
  read(path: string): string | null;
}

export function filesOnDisk(directory: string): Files {
  return {
    directory,
    read: (path) => {
      try {
        return readFileSync(path, "utf8");
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
        throw error;
      }
    },
  };
}
