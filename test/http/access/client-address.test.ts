import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import {
  clientAddress,
  clientHost,
  connectionShare,
  shareOf,
  trusting,
} from "../../../src/http/access/client-address.ts";

const trusts = trusting(["10.0.0.0/8", "192.0.2.7", "fd00::/8", "2001:db8::1"]);
const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

describe("the address of a client", () => {
  test.each([
    ["198.51.100.1", undefined, "198.51.100.1", "the peer's"],
    ["198.51.100.1", "203.0.113.9", "198.51.100.1", "a peer that is not trusted says nothing"],
    ["10.1.2.3", "203.0.113.9", "203.0.113.9", "what a trusted proxy says"],
    ["::ffff:10.1.2.3", "203.0.113.9", "203.0.113.9", "the proxy on a socket for both families"],
    ["10.1.2.3", "1.1.1.1, 203.0.113.9", "203.0.113.9", "the last: the client wrote the first itself"],
    ["10.1.2.3", "203.0.113.9, 192.0.2.7, 10.9.9.9", "203.0.113.9", "through several proxies"],
    ["10.1.2.3", "10.4.4.4", "10.4.4.4", "a client inside the proxies' network"],
    ["10.1.2.3", undefined, "10.1.2.3", "a proxy that says nothing"],
    ["10.1.2.3", "unknown", "10.1.2.3", "a word that is no address"],
    ["10.1.2.3", "203.0.113.9:4711", "203.0.113.9", "with a port"],
    ["10.1.2.3", "[2001:db8:5::9]:4711", "2001:db8:5::9", "IPv6 with a port"],
    ["fd00::1", "2001:db8:5::9", "2001:db8:5::9", "through a proxy with IPv6"],
    ["10.1.2.3", ",,,", "10.1.2.3", "nothing between commas"],
  ] as [string, string | undefined, string, string][])(
    "of peer %s that forwards for %s is %s: %s",
    (peer, forwarded, address, _why) => {
      expect(clientAddress(from(peer, forwarded === undefined ? {} : { "x-forwarded-for": forwarded }), trusts)).toBe(
        address,
      );
    },
  );

  test("nobody is trusted where no proxy is named", () => {
    expect(clientAddress(from("127.0.0.1", { "x-forwarded-for": "203.0.113.9" }), trusting([]))).toBe("127.0.0.1");
  });
});

describe("the host that a client named", () => {
  test.each([
    ["198.51.100.1", "evil.example", "agent:9877"],
    ["10.1.2.3", "sluice.example", "sluice.example"],
    ["10.1.2.3", "evil.example, sluice.example", "sluice.example"],
  ])("of peer %s that forwards %s is %s", (peer, forwarded, host) => {
    expect(clientHost(from(peer, { host: "agent:9877", "x-forwarded-host": forwarded }), trusts)).toBe(host);
  });
});

describe("a share", () => {
  test.each([
    ["203.0.113.9", "203.0.113.9"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::6", "2001:db8:1:2::/64"],
    ["2001:db8::6", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("of %s is that of %s", (address, share) => expect(shareOf(address)).toBe(share));

  test("of connections is nobody's where a trusted proxy has them", () => {
    const peer = (remoteAddress: string) => ({ remoteAddress }) as never;
    expect(connectionShare(peer("::ffff:203.0.113.9"), trusts)).toBe("203.0.113.9");
    expect(connectionShare(peer("10.0.0.1"), trusts)).toBeNull();
  });
});
