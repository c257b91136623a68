/** The variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Variable {
  name: string;
  /** It may also be given as a file, by NAME_FILE. */
  secret?: boolean;
  /** For variables that others defined so; ours are refused when they are set to nothing. */
  empty_is_unset?: boolean;
}
