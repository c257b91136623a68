/**
 * Counts as LEB128 variable-length integers: a count below 128 takes one byte, so that a histogram takes as many bytes as it
 * has digits. Re-binned counts are fractions; they are kept to a thousandth, told by the first byte (1, else 0).
 */
export function packCounts(counts: ArrayLike<number>): Buffer {
  let fractions = false;
  for (let i = 0; i < counts.length; i++) if (!Number.isInteger(counts[i])) fractions = true;
  const bytes: number[] = [fractions ? 1 : 0];
  for (let i = 0; i < counts.length; i++) {
    let rest = fractions ? Math.round(counts[i]! * 1000) : counts[i]!;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}

export function unpackCounts(bytes: Buffer): Float64Array {
  const counts: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes.subarray(1)) {
    value += (byte % 128) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    counts.push(bytes[0] === 1 ? value / 1000 : value);
    value = 0;
    scale = 1;
  }
  return Float64Array.from(counts);
}
