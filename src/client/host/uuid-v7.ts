const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const POOL_BYTES = 2048;
const BYTES_AN_ID = 8;

/**
 * UUIDs of version 7 (RFC 9562): they sort by time, and within a millisecond by a counter of 12 bits. Random bytes are
 * taken from the runtime by the hundred, because asking costs more than everything else here.
 *
 * @param fill fills with random bytes
 * @returns an id for a time in milliseconds; times may go back
 */
export function createUuidV7(fill: (bytes: Uint8Array) => void): (ms: number) => string {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  let lastMs = -1;
  let prefix = "";
  let counter = 0;
  return (ms) => {
    if (used + BYTES_AN_ID > POOL_BYTES) {
      fill(pool);
      used = 0;
    }
    if (ms !== lastMs) {
      lastMs = ms;
      const time = ms.toString(16).padStart(12, "0");
      prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
      counter = pool[used]! & 0x7f;
    } else counter = (counter + 1) & 0xfff;
    const p = used;
    used += BYTES_AN_ID;
    return (
      `${prefix}${(counter >> 8).toString(16)}${HEX[counter & 0xff]}-${HEX[(pool[p]! & 0x3f) | 0x80]}${HEX[pool[p + 1]!]}-` +
      `${HEX[pool[p + 2]!]}${HEX[pool[p + 3]!]}${HEX[pool[p + 4]!]}${HEX[pool[p + 5]!]}${HEX[pool[p + 6]!]}${HEX[pool[p + 7]!]}`
    );
  };
}

/** Milliseconds since 1970 of a UUIDv7, or null. */
export function timeOfUuidV7(id: string): number | null {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)) return null;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Where the runtime has no Web Crypto (Node 18), Math.random is unique enough for ids. */
export function fillRandom(bytes: Uint8Array): void {
  if (globalThis.crypto?.getRandomValues !== undefined)
    globalThis.crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
  else for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(Math.random() * 256);
}
