/** Names as nobody should choose them; the contract allows all but those with a newline. */
export const HOSTILE_NAMES = [
  'say "no"',
  "C:\\temp\\",
  "\\n is not a newline",
  "line\nbreak",
  "مرحبا بالعالم",
  "\u202Etxet detrevni",
  "🚀👩‍👩‍👧‍👦",
  "x".repeat(200),
  "🚀".repeat(200),
  "_other",
  "le",
  "{}=,# HELP",
  " leading and trailing ",
  "\u2028",
];
