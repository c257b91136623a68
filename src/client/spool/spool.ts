import type { NodeHost } from "../host/node-host.ts";
import { enforceBound } from "./bound.ts";
import { type Claimed, claimSegment, listSegments } from "./claim.ts";
import { buryReports, type Refusal } from "./dead-letters.ts";
import { destinationName, spoolDirectory } from "./folder.ts";
import { makeFolder } from "./make-folder.ts";
import { SegmentFile } from "./segment-file.ts";

/** The folder on disk of one destination, shared with every other client of it. */
export interface Spool {
  readonly folder: string;
  create(id: string): SegmentFile;
  /** `isMine`: files this client is writing or sending itself; `only`: of these alone. */
  claim(isMine: (id: string) => boolean, only: ReadonlySet<string> | null): Claimed | null;
  /** Which of these segments are still there, whoever has them. */
  present(ids: Iterable<string>): Set<string>;
  /** Returns the reports that were dropped to stay within the bound. */
  enforceBound(): string[];
  bury(refused: readonly { line: string; refusal: Refusal }[]): void;
}

/** null where the directory cannot be written, with the reason to `warn`. */
export function openSpool(
  host: NodeHost,
  destination: { url: string; apiKey: string | null; directory: string | undefined },
  warn: (message: string) => void,
): Spool | null {
  const { fs, path } = host;
  let folder = "";
  try {
    const directory = spoolDirectory(host, destination.directory);
    folder = path.join(directory, destinationName(host, destination.url, destination.apiKey));
    makeFolder(host, folder);
    fs.accessSync(folder, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    warn(
      `no spool: ${folder || "the home directory"} cannot be written (${reason}); set SLUICE_SPOOL_DIR. What the agent has not taken when the process ends is lost`,
    );
    return null;
  }
  return {
    folder,
    create: (id) => new SegmentFile(host, folder, id),
    claim: (isMine, only) => claimSegment(host, folder, isMine, only),
    present(ids) {
      const there = new Set(listSegments(host, folder).map(({ id }) => id));
      return new Set([...ids].filter((id) => there.has(id)));
    },
    enforceBound: () => enforceBound(host, folder),
    bury: (refused) => buryReports(host, folder, refused),
  };
}
