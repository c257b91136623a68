import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";

/**
 * Writes what `make` makes of the present text ("" where there is no file yet). Readers see the old file or the new one, never a part;
 * of two writers at once the second is refused. Only the owner may read it; the owner stays who it was.
 */
export async function replaceFile(file: string, make: (text: string) => string): Promise<void> {
  try {
    const target = await realpath(file).catch(whenMissing(file));
    const draft = `${target}.new`;
    const handle = await open(draft, "wx", 0o600);
    try {
      const before = await stat(target).catch(whenMissing(null));
      await handle.writeFile(make(before === null ? "" : await readFile(target, "utf8")));
      // Root may write for another user, who has to be able to read it then.
      if (before !== null && before.uid !== process.getuid?.()) await handle.chown(before.uid, before.gid);
      await handle.sync();
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    await syncDirectory(path.dirname(target));
  } catch (error) {
    throw explain(error, file);
  }
}

function whenMissing<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (codeOf(error) === "ENOENT") return instead;
    throw error;
  };
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  await handle.sync().finally(() => handle.close());
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

function explain(error: unknown, file: string): unknown {
  const code = codeOf(error);
  switch (code) {
    case undefined:
      return error;
    case "EEXIST":
      return new CommandError(
        `${file}.new exists: another command is writing ${file}, or one was interrupted; when none is running, delete ${file}.new`,
        error,
      );
    case "ENOENT":
      return new CommandError(`${file} cannot be written: there is no directory ${path.dirname(file)}`, error);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new CommandError(`${file} cannot be written: this user may not (${code})`, error);
    default:
      return new CommandError(`${file} cannot be written (${code})`, error);
  }
}
