/** What is wrong with data somebody sent. `path` is a JSON pointer (RFC 6901) into it, `message` tells the fix. */
export interface DataError {
  readonly path: string;
  readonly message: string;
}

/**
 * A value, or why there is none. `invalid`: the data is wrong whatever it is compared with. `reference_mismatch`: it
 * is well formed but does not fit its reference.
 */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: "invalid" | "reference_mismatch"; readonly errors: readonly DataError[] };
