import { type Config, formatAddress, redact } from "../../config.ts";

/** Why the agent could not start: the message alone where the error has a code and so is a known one, else with its stack. */
export function explainStartError(error: unknown, { listen }: Config): string {
  if (!(error instanceof Error)) return redact(String(error));
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code === undefined) return redact(error.stack ?? error.message);
  if ("syscall" in error && (error.syscall === "listen" || error.syscall === "getaddrinfo")) {
    const reason = LISTEN_REASONS[code];
    if (reason !== undefined) return `${formatAddress(listen)} ${reason} (${code})`;
  }
  return redact(`${messageOf(error)} (${code})`);
}

const LISTEN_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    "is in use by another program, perhaps by an agent that runs already; stop that, or set SLUICE_LISTEN to another address",
  EADDRNOTAVAIL: "is no address of this machine; set SLUICE_LISTEN to one that is",
  EACCES: "is not free for this user, as ports below 1024 often are not; set SLUICE_LISTEN to a higher port",
  EAFNOSUPPORT:
    "cannot be used, since this machine has no IPv6; set SLUICE_LISTEN to 0.0.0.0 and the port for all interfaces",
  ENOTFOUND: "is no address: the name is not known; set SLUICE_LISTEN to an address such as 127.0.0.1:9877",
};

/** A connection that was tried at several addresses fails with a list of errors and no message. */
function messageOf(error: Error): string {
  if (error.message !== "" || !(error instanceof AggregateError)) return error.message;
  return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
}
