import Type from "typebox";

export const Glob = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: "^[^\\p{Cc}\\p{Cs}]+$",
  description: "the name of a pipeline, or a glob in which * is any text and ? one character",
});

/** Items of a list in the file, each with a glob that is held against names. */
export const MOST_ENTRIES = 10_000;
/** Globs of one key, team or channel. */
export const MOST_GLOBS = 1000;
