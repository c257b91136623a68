import type { NodeHost } from "../host/node-host.ts";
import { listSegments, wholeLines } from "./claim.ts";

/** Of all segments of a folder together. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Removes the oldest finished segments of a folder that has grown too large. Returns the reports lost with them. */
export function enforceBound(host: NodeHost, folder: string, mostBytes = MOST_BYTES): string[] {
  const { fs, path } = host;
  const segments = listSegments(host, folder).map((segment) => {
    const file = path.join(folder, segment.name);
    return { ...segment, file, size: fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0 };
  });
  let bytes = segments.reduce((sum, { size }) => sum + size, 0);
  const lost: string[] = [];
  for (const { state, file, size } of segments) {
    if (bytes <= mostBytes) break;
    if (state !== "ndjson") continue;
    try {
      const lines = wholeLines(fs.readFileSync(file, "utf8"));
      fs.unlinkSync(file);
      for (const line of lines) lost.push(line);
    } catch {
      // Claimed by somebody else meanwhile.
    }
    bytes -= size;
  }
  return lost;
}
