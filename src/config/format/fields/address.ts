import { isIPv6 } from "node:net";
import type { Listen } from "../../keys/types.ts";
import type { Field } from "../field.ts";
import { text } from "./text.ts";

const ADDRESS = /^(?:\[([^\]]+)\]|([A-Za-z0-9._-]*)):(\d{1,5})$/;

/** An address to listen on. `:9877` is every address of the machine. */
export function address(title: string, byDefault: string): Field<Listen> {
  const description =
    'an address and a port (0 to 65535) such as 127.0.0.1:9877, "[::1]:9877", or ":9877" for all interfaces';
  return text({ title, description, default: byDefault }, parseAddress, formatAddress);
}

function parseAddress(given: string): Listen | undefined {
  const [, bracketed, plain, digits] = ADDRESS.exec(given) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined;
  return { host: plain === "" || plain === undefined ? "::" : plain, port };
}

export function formatAddress({ host, port }: Listen): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
