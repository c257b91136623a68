/** The ids and runs of one measurement, told from those of the others: four hexadecimal digits as they stand in a UUIDv7. */
let measurements = 0;

export function nextPrefix(): string {
  return (0x8000 + measurements++).toString(16);
}
