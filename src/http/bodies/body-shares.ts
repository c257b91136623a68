/** The bytes of one request's body, for as long as it is received and worked on. */
export interface Hold {
  owner: string;
  bytes: number;
  /** When the request came, milliseconds. */
  since: number;
  /** Whether all of it is there. */
  complete: boolean;
  /** Ends the request: its bytes are needed for others. */
  drop: () => void;
}

/** Slower bodies may be dropped where there is no room for others, milliseconds. */
const SLOW = 1_000;
/** An owner may hold so many times what is left free. */
const EAGERNESS = 4;

/**
 * The memory of all bodies, shared out by dynamic thresholds (Choudhury and Hahne 1998): an owner may hold at most four times
 * what is left free then. So one alone gets four fifths, and somebody new always finds a part of it free. Only bytes that
 * arrived count. Where there is no room, bodies that dribble in give way, those of the greediest owner first.
 */
export class BodyShares {
  readonly #total: number;
  readonly #owners = new Map<string, { bytes: number; arriving: Set<Hold> }>();
  #used = 0;

  constructor(total: number) {
    this.#total = total;
  }

  get used(): number {
    return this.#used;
  }

  /** Whether there is room; if so it is the hold's from now on. */
  take(hold: Hold, bytes: number, now: number): boolean {
    while (!this.#fits(hold, bytes)) if (!this.#dropSlow(hold, now)) return false;
    let owner = this.#owners.get(hold.owner);
    if (owner === undefined) {
      owner = { bytes: 0, arriving: new Set() };
      this.#owners.set(hold.owner, owner);
    }
    owner.bytes += bytes;
    this.#used += bytes;
    hold.bytes += bytes;
    if (!hold.complete) owner.arriving.add(hold);
    return true;
  }

  complete(hold: Hold): void {
    hold.complete = true;
    this.#owners.get(hold.owner)?.arriving.delete(hold);
  }

  /** Twice is harmless. */
  release(hold: Hold): void {
    const owner = this.#owners.get(hold.owner);
    if (owner === undefined || hold.bytes === 0) return;
    owner.arriving.delete(hold);
    owner.bytes -= hold.bytes;
    this.#used -= hold.bytes;
    hold.bytes = 0;
    if (owner.bytes === 0 && owner.arriving.size === 0) this.#owners.delete(hold.owner);
  }

  #fits(hold: Hold, bytes: number): boolean {
    const free = this.#total - this.#used - bytes;
    if (free < 0) return false;
    // The only body there is may fill it all.
    if (this.#used === hold.bytes) return true;
    return (this.#owners.get(hold.owner)?.bytes ?? 0) + bytes <= EAGERNESS * free;
  }

  /** Frees the oldest body that is still arriving, of the owner who holds most; false: none is slow. */
  #dropSlow(asking: Hold, now: number): boolean {
    let greediest: { bytes: number; slow: Hold } | null = null;
    for (const { bytes, arriving } of this.#owners.values()) {
      if (greediest !== null && greediest.bytes >= bytes) continue;
      for (const slow of arriving) {
        if (slow === asking) continue;
        if (now - slow.since > SLOW) greediest = { bytes, slow };
        break;
      }
    }
    if (greediest === null) return false;
    greediest.slow.drop();
    this.release(greediest.slow);
    return true;
  }
}
