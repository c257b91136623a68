import type { NodeHost } from "../node-host.ts";
import { listSegments } from "./claim.ts";

/** Of all segments of a folder together. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Removes the oldest finished segments of a folder that has grown too large. Returns the number of reports lost with them. */
export function enforceBound(host: NodeHost, folder: string, mostBytes = MOST_BYTES): number {
  const { fs, path } = host;
  const segments = listSegments(host, folder).map((segment) => {
    const file = path.join(folder, segment.name);
    return { ...segment, file, size: fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0 };
  });
  let bytes = segments.reduce((sum, { size }) => sum + size, 0);
  let lost = 0;
  for (const { state, file, size } of segments) {
    if (bytes <= mostBytes) break;
    if (state !== "ndjson") continue;
    try {
      const lines = countLines(fs.readFileSync(file));
      fs.unlinkSync(file);
      lost += lines;
    } catch {
      // Claimed by somebody else meanwhile.
    }
    bytes -= size;
  }
  return lost;
}

function countLines(data: Uint8Array): number {
  let lines = 0;
  for (const byte of data) if (byte === 10) lines++;
  return lines;
}
