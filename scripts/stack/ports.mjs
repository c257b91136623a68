import { freePort, listenable } from "../lib/free-port.mjs";

/** The given port where it is free on loopback, else any free one. */
export async function portNear(wanted) {
  return (await listenable(wanted)) ?? (await freePort());
}
