import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv4, isIPv6, type Socket } from "node:net";

/** Addresses and networks (CIDR) whose word about where a request comes from is taken. */
export type Trusts = (address: string) => boolean;

export function trusting(proxies: readonly string[]): Trusts {
  // Asked for each request, and a look into an empty list costs as much as into a full one.
  if (proxies.length === 0) return () => false;
  const list = new BlockList();
  for (const proxy of proxies) {
    const [network = "", bits] = proxy.split("/");
    const family = isIPv6(network) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  const known = new Map<string, boolean>();
  return (address) => {
    let trusted = known.get(address);
    if (trusted === undefined) {
      const family = isIP(address);
      trusted = family !== 0 && list.check(address, family === 6 ? "ipv6" : "ipv4");
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(address, trusted);
    }
    return trusted;
  };
}

/** Addresses that are remembered: a look into the list costs microseconds, and anybody may name as many as they like. */
const MOST_KNOWN = 1000;

/**
 * The address of whoever asks: the peer's. Where the peer is a trusted proxy, the last of X-Forwarded-For that is none, since
 * each proxy adds the address of its peer at the end and anybody may have written what stands before.
 */
export function clientAddress({ headers, socket }: IncomingMessage, trusts: Trusts): string {
  let address = plain(socket.remoteAddress ?? "");
  if (!trusts(address)) return address;
  const forwarded = String(headers["x-forwarded-for"] ?? "").split(",");
  while (forwarded.length > 0 && trusts(address)) {
    const before = plain(withoutPort(forwarded.pop()!.trim()));
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/** The host that the client named: of a trusted proxy the forwarded one. */
export function clientHost({ headers, socket }: IncomingMessage, trusts: Trusts): string {
  const forwarded = headers["x-forwarded-host"];
  if (forwarded === undefined || !trusts(plain(socket.remoteAddress ?? ""))) return headers.host ?? "";
  return String(forwarded).split(",").at(-1)!.trim();
}

/** What has one share: an IPv4 address, or an IPv6 network of 64 bits, of which one customer has at least one. */
export function shareOf(address: string): string {
  if (!address.includes(":") || !isIPv6(address)) return address;
  const [front = "", back] = address.split("%")[0]!.split("::");
  const groups = front === "" ? [] : front.split(":");
  const after = back === undefined || back === "" ? [] : back.split(":");
  const zeros = back === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - after.length)).fill("0");
  return `${[...groups, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}

/** null: a trusted proxy, whose connections are everybody's. */
export function connectionShare({ remoteAddress = "" }: Socket, trusts: Trusts): string | null {
  const address = plain(remoteAddress);
  return trusts(address) ? null : shareOf(address);
}

/** An IPv4 address that came in over a socket for both is that address. */
function plain(address: string): string {
  if (!address.startsWith("::")) return address;
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : address;
}

/** Some proxies add the port: `203.0.113.7:4711`, `[2001:db8::7]:4711`. */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\]/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}
