export const TIMEZONE = "an IANA time zone such as Europe/Berlin or UTC";

export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
