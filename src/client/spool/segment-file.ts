import type { NodeHost } from "../host/node-host.ts";
import { makeFolder } from "./make-folder.ts";
import { finishedName, openName, sendingName } from "./segment-name.ts";

/**
 * A file of this process: written, and later renamed to what it has become. Nothing here throws: false means that the
 * disk does not hold it (full, gone, taken by somebody else), and the caller still has the lines in memory.
 */
export class SegmentFile {
  readonly id: string;
  #path: string;
  #fd: number | null = null;
  #bytes = 0;
  readonly #host: NodeHost;
  readonly #folder: string;

  constructor(host: NodeHost, folder: string, id: string) {
    this.#host = host;
    this.#folder = folder;
    this.id = id;
    this.#path = host.path.join(folder, openName(id, host.process.pid));
  }

  /** Whole lines, each with its newline. */
  append(text: string): boolean {
    const { fs } = this.#host;
    try {
      this.#fd ??= this.#create();
      const data = Buffer.from(text);
      let written = 0;
      while (written < data.length) {
        const n = fs.writeSync(this.#fd, data, written, data.length - written, this.#bytes + written);
        // A full disk may take a part; half a line must not stay in front of the next one.
        if (n === 0) throw new Error("nothing was written");
        written += n;
      }
      this.#bytes += data.length;
      return true;
    } catch {
      this.#cutBack();
      return false;
    }
  }

  #create(): number {
    const { fs } = this.#host;
    const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL;
    try {
      return fs.openSync(this.#path, flags, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      makeFolder(this.#host, this.#folder);
      return fs.openSync(this.#path, flags, 0o600);
    }
  }

  #cutBack(): void {
    if (this.#fd === null) return;
    try {
      this.#host.fs.ftruncateSync(this.#fd, this.#bytes);
    } catch {
      // A reader passes over an incomplete last line.
    }
  }

  /** Being sent by this process. */
  hold(): boolean {
    return this.#become(sendingName(this.id, this.#host.process.pid));
  }

  /** For whoever comes next. */
  release(): boolean {
    return this.#become(finishedName(this.id));
  }

  remove(): void {
    this.#close();
    try {
      this.#host.fs.unlinkSync(this.#path);
    } catch {
      // Taken over by somebody else meanwhile: the agent knows the ids.
    }
  }

  #become(name: string): boolean {
    this.#close();
    const to = this.#host.path.join(this.#folder, name);
    try {
      this.#host.fs.renameSync(this.#path, to);
      this.#path = to;
      return true;
    } catch {
      return false;
    }
  }

  #close(): void {
    if (this.#fd === null) return;
    try {
      this.#host.fs.closeSync(this.#fd);
    } catch {
      // Closed either way.
    }
    this.#fd = null;
  }
}
