import Type from "typebox";

export const Glob = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: "^[^\\p{Cc}\\p{Cs}]+$",
  description: "the name of a pipeline, or a glob in which * is any text and ? one character",
});
