/** Functions that colour a text where colours can be seen; NO_COLOR and FORCE_COLOR are heeded. */
export function colours(stream, env) {
  const on = env.NO_COLOR ? false : env.FORCE_COLOR ? env.FORCE_COLOR !== "0" : Boolean(stream.isTTY);
  const wrap = (code) => (text) => (on && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text);
  return { bold: wrap(1), dim: wrap(2), red: wrap(31), green: wrap(32), yellow: wrap(33), cyan: wrap(36) };
}
