/** What Node gives beyond what every runtime has. Nothing here is loaded where there is no Node. */
export interface NodeHost {
  readonly process: NodeJS.Process;
  readonly fs: typeof import("node:fs");
  readonly os: typeof import("node:os");
  readonly path: typeof import("node:path");
  readonly crypto: typeof import("node:crypto");
}

/** The process, where there is one like Node's; Workers that only imitate a part of it have no disk to spool to. */
export function nodeProcess(): NodeJS.Process | undefined {
  const { process } = globalThis;
  return typeof process?.versions?.node === "string" && typeof process.on === "function" ? process : undefined;
}

export function environment(): Readonly<Record<string, string | undefined>> {
  return globalThis.process?.env ?? {};
}

/** At once where Node can (20.16 and newer), else a moment later (what is reported until then waits in memory). */
export function loadNodeHost(use: (host: NodeHost) => void): void {
  const process = nodeProcess();
  if (process === undefined) return;
  const { getBuiltinModule } = process as { getBuiltinModule?: <T>(id: string) => T };
  try {
    if (typeof getBuiltinModule === "function") {
      use({
        process,
        fs: getBuiltinModule("node:fs"),
        os: getBuiltinModule("node:os"),
        path: getBuiltinModule("node:path"),
        crypto: getBuiltinModule("node:crypto"),
      });
      return;
    }
  } catch {
    return;
  }
  Promise.all([import("node:fs"), import("node:os"), import("node:path"), import("node:crypto")]).then(
    ([fs, os, path, crypto]) => use({ process, fs, os, path, crypto }),
    () => {},
  );
}
