import { nearest } from "../yaml/nearest.ts";
import type { Environment } from "./variable.ts";

/** Kubernetes gives these to every container beside a service with the name sluice. */
const SERVICE_LINK = /^SLUICE_(SERVICE_(HOST|PORT)|PORT$|PORT_\d+_(TCP|UDP|SCTP))/;

/** A warning for each variable that looks like ours and is not. */
export function unknownVariables(env: Environment, known: readonly string[]): string[] {
  const names = Object.keys(env).filter((name) => /^SLUICE_/i.test(name) && !known.includes(name));
  return names
    .filter((name) => !(SERVICE_LINK.test(name) && (name !== "SLUICE_PORT" || /^\w+:\/\//.test(env[name] ?? ""))))
    .sort()
    .map((name) => {
      const meant = nearest(name, known);
      const hint = meant === undefined ? `the variables are ${known.join(", ")}` : `did you mean ${meant}?`;
      return `${name} is set, but no variable of Sluice has this name, so it changes nothing; ${hint}`;
    });
}
