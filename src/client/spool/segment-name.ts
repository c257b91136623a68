/**
 * Files of a spool folder: `<uuidv7>.<pid>.open` is being written, `<uuidv7>.ndjson` is finished, `<uuidv7>.<pid>.sending`
 * is being sent. The id sorts by time. docs/clients/spool.md is the contract with the other clients.
 */
export interface SegmentName {
  id: string;
  state: "open" | "ndjson" | "sending";
  /** Of the process that owns it. */
  pid: number | null;
}

const FORM =
  /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\.(?:([1-9]\d{0,9})\.(open|sending)|ndjson)$/;

export function parseSegmentName(name: string): SegmentName | null {
  const match = FORM.exec(name);
  if (match === null) return null;
  const [, id = "", pid, state = "ndjson"] = match;
  return { id, state: state as SegmentName["state"], pid: pid === undefined ? null : Number(pid) };
}

export const openName = (id: string, pid: number) => `${id}.${pid}.open`;
export const sendingName = (id: string, pid: number) => `${id}.${pid}.sending`;
export const finishedName = (id: string) => `${id}.ndjson`;
