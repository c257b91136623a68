import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { loadNodeHost, type NodeHost } from "../../src/client/host/node-host.ts";
import { createUuidV7, fillRandom, timeOfUuidV7 } from "../../src/client/host/uuid-v7.ts";
import { enforceBound } from "../../src/client/spool/bound.ts";
import { claimSegment } from "../../src/client/spool/claim.ts";
import { buryReports } from "../../src/client/spool/dead-letters.ts";
import { destinationName, spoolDirectory } from "../../src/client/spool/folder.ts";
import { SegmentFile } from "../../src/client/spool/segment-file.ts";
import { parseSegmentName } from "../../src/client/spool/segment-name.ts";
import { temporaryDirectory } from "./support/bundle.ts";

const directory = temporaryDirectory();
const newId = createUuidV7(fillRandom);
let host: NodeHost;
loadNodeHost((loaded) => {
  host = loaded;
});
const ANY = null;
const nobody = () => false;
/** The greatest pid there is; nobody has it. */
const DEAD = 4_194_304;
const MINUTES = 60;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(directory, "folder-"));
});

function put(name: string, lines: string[] = ['{"n":1}'], secondsAgo = 0): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  const time = Date.now() / 1000 - secondsAgo;
  fs.utimesSync(file, time, time);
  return file;
}

const claim = () => claimSegment(host, folder, nobody, ANY);

describe("where the spool is", () => {
  it("is what SLUICE_SPOOL_DIR says, else XDG's place for state, else that in the home directory", () => {
    const withState = (XDG_STATE_HOME: string | undefined) =>
      spoolDirectory({ ...host, process: { ...process, env: { XDG_STATE_HOME } } as NodeJS.Process }, undefined);
    expect(spoolDirectory(host, "/var/spool/sluice")).toBe("/var/spool/sluice");
    expect(withState("/state")).toBe("/state/sluice/spool");
    expect(withState(undefined)).toBe(path.join(os.homedir(), ".local/state/sluice/spool"));
  });

  it("has a folder a destination, named by url and key", () => {
    const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
    expect(destinationName(host, "http://agent:9877", null)).toBe(hash("http://agent:9877\n"));
    expect(destinationName(host, "http://agent:9877", "key")).toBe(hash("http://agent:9877\nkey"));
  });

  it("is readable by nobody else", () => {
    const place = path.join(folder, "a", "b");
    const file = new SegmentFile(host, place, newId(Date.now()));
    expect(file.append("{}\n")).toBe(true);
    expect(fs.statSync(place).mode & 0o777).toBe(0o700);
    expect(fs.statSync(path.join(place, fs.readdirSync(place)[0]!)).mode & 0o777).toBe(0o600);
  });
});

describe("a segment file", () => {
  it("goes from open to sending to finished by renames, and to nothing when it was sent", () => {
    const id = newId(Date.now());
    const file = new SegmentFile(host, folder, id);
    file.append('{"n":1}\n');
    expect(fs.readdirSync(folder)).toEqual([`${id}.${process.pid}.open`]);
    expect(file.hold()).toBe(true);
    expect(fs.readdirSync(folder)).toEqual([`${id}.${process.pid}.sending`]);
    expect(file.release()).toBe(true);
    expect(fs.readdirSync(folder)).toEqual([`${id}.ndjson`]);
    file.remove();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it("that somebody took over says so, and can still be removed", () => {
    const id = newId(Date.now());
    const file = new SegmentFile(host, folder, id);
    file.append("{}\n");
    fs.renameSync(path.join(folder, `${id}.${process.pid}.open`), path.join(folder, `${id}.${DEAD}.sending`));
    expect([file.hold(), file.release()]).toEqual([false, false]);
    file.remove();
    expect(fs.readdirSync(folder)).toEqual([`${id}.${DEAD}.sending`]);
  });

  it("has a name that others can read", () => {
    const id = newId(Date.now());
    expect(parseSegmentName(`${id}.123.open`)).toEqual({ id, pid: 123, state: "open" });
    expect(parseSegmentName(`${id}.ndjson`)).toEqual({ id, pid: null, state: "ndjson" });
    for (const other of ["dead.ndjson", `${id}.open`, `${id}.x.open`, `${id}.1.ndjson`, "x.ndjson"]) {
      expect(parseSegmentName(other)).toBeNull();
    }
  });
});

describe("claiming", () => {
  it("takes the oldest first, or of some alone", () => {
    const now = Date.now();
    const [old, middle, young] = [newId(now - 2000), newId(now - 1000), newId(now)];
    for (const id of [young, old, middle]) put(`${id}.ndjson`);
    expect(claimSegment(host, folder, nobody, new Set([middle!]))?.id).toBe(middle);
    expect(claimSegment(host, folder, nobody, new Set([middle!]))).toBeNull();
    expect(claim()?.id).toBe(old);
    expect(claim()?.id).toBe(young);
    expect(claim()).toBeNull();
  });

  it.each([
    ["an open file of a dead process", `${DEAD}.open`, 0, true],
    ["a file that a dead process was sending", `${DEAD}.sending`, 0, true],
    ["an open file of a living process", `${process.ppid}.open`, 9 * MINUTES, false],
    [
      "a file of a living process without a sign of life for ten minutes",
      `${process.ppid}.sending`,
      11 * MINUTES,
      true,
    ],
    [
      "an own file that is older than the process: a pid that returned",
      `${process.pid}.open`,
      process.uptime() + 60,
      true,
    ],
    ["an own file of another client in this process", `${process.pid}.open`, 0, false],
  ])("%s", (_, suffix, secondsAgo, expected) => {
    put(`${newId(Date.now())}.${suffix}`, ['{"n":1}'], secondsAgo);
    expect(claim() !== null).toBe(expected);
  });

  it("leaves alone what this client writes itself", () => {
    const id = newId(Date.now());
    put(`${id}.ndjson`);
    expect(claimSegment(host, folder, (one) => one === id, ANY)).toBeNull();
  });

  it("makes an old file young, so that it is not claimed from under the one who sends it", () => {
    const id = newId(Date.now());
    put(`${id}.ndjson`, ['{"n":1}'], 3 * 24 * 3600);
    claim();
    const { mtimeMs } = fs.statSync(path.join(folder, `${id}.${process.pid}.sending`));
    expect(Date.now() - mtimeMs).toBeLessThan(5 * 60_000);
    expect(claim()).toBeNull();
  });

  it("passes over a torn last line and reads the whole ones", () => {
    const file = put(`${newId(Date.now())}.ndjson`, ['{"n":1}', '{"n":2}']);
    fs.appendFileSync(file, '{"n":');
    expect(claim()?.lines).toEqual(['{"n":1}', '{"n":2}']);
  });

  it("gives back what could not be sent, and removes what was", () => {
    const id = newId(Date.now());
    put(`${id}.ndjson`);
    claim()!.release();
    expect(fs.readdirSync(folder)).toEqual([`${id}.ndjson`]);
    claim()!.remove();
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe("bounds", () => {
  it("beyond its size a folder loses the oldest finished segments, and says how many reports they held", () => {
    const now = Date.now();
    const line = JSON.stringify({ text: "x".repeat(990) });
    const ids = [1, 2, 3, 4].map((n) => newId(now + n));
    for (const id of ids) put(`${id}.ndjson`, [line, line]);
    put(`${newId(now)}.${process.ppid}.open`, [line]);
    expect(enforceBound(host, folder, 20_000)).toEqual([]);
    expect(enforceBound(host, folder, 5500)).toEqual([line, line, line, line]);
    expect(fs.readdirSync(folder).filter((name) => name.endsWith(".ndjson"))).toEqual(
      ids.slice(2).map((id) => `${id}.ndjson`),
    );
  });

  it("dead letters keep the last megabyte or two", () => {
    const refused = {
      line: JSON.stringify({ text: "x".repeat(400_000) }),
      refusal: { status: 200, code: "c", detail: "d" },
    };
    for (let i = 0; i < 7; i++) buryReports(host, folder, [refused]);
    const size = (name: string) => fs.statSync(path.join(folder, name)).size;
    expect(fs.readdirSync(folder).sort()).toEqual(["dead.1.ndjson", "dead.ndjson"]);
    expect(size("dead.1.ndjson")).toBeLessThanOrEqual(1024 * 1024);
    expect(size("dead.ndjson")).toBeLessThanOrEqual(1024 * 1024);
  });
});

describe("ids", () => {
  it("are UUIDs of version 7 that rise with time and within a millisecond, and tell their time", () => {
    const ids = Array.from({ length: 1000 }, (_, i) => newId(1_763_600_000_000 + Math.floor(i / 200)));
    expect(new Set(ids).size).toBe(1000);
    expect(ids).toEqual([...ids].sort());
    expect(timeOfUuidV7(ids[999]!)).toBe(1_763_600_000_004);
    expect(timeOfUuidV7("f47ac10b-58cc-4372-a567-0e02b2c3d479")).toBeNull();
  });
});
