/** Whether only this machine reaches what listens on `host` (IPv6 without brackets). A name is not looked up: only localhost is one. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
