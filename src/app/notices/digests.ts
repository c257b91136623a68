import type { Cron } from "../../adapters/cron/cron.ts";
import type { DigestConfig } from "../../config.ts";
import { type SendDigestDeps, sendDigest } from "../../service/notices/send-digest.ts";

/** Rings the digests that are configured. */
export class Digests {
  readonly #cron: Cron;
  readonly #deps: SendDigestDeps;
  /** How to end each, by what is configured of it. */
  readonly #ringing = new Map<string, () => void>();

  constructor(cron: Cron, deps: SendDigestDeps) {
    this.#cron = cron;
    this.#deps = deps;
  }

  /** One that is as it was goes on: what it covers begins with its last ring. */
  async replace(digests: readonly DigestConfig[]): Promise<void> {
    const wanted = new Map(digests.map((digest) => [JSON.stringify(digest), digest]));
    for (const [key, end] of this.#ringing) {
      if (wanted.has(key)) continue;
      end();
      this.#ringing.delete(key);
    }
    for (const [key, { period, team, cron, timezone, channels }] of wanted) {
      if (this.#ringing.has(key)) continue;
      const end = await this.#cron.at(cron, timezone, "digest", (ring) =>
        sendDigest(this.#deps, { period, team, ...ring }, channels),
      );
      this.#ringing.set(key, end);
    }
  }
}
