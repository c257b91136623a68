/** A URL as it may be fetched, and the header that says the user and password which stood in it: fetch refuses such URLs. */
export interface UrlLogin {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** What must not be shown. */
  secrets: readonly string[];
}

export function urlLogin(text: string): UrlLogin {
  const url = new URL(text);
  if (url.username === "" && url.password === "") return { url: text, headers: {}, secrets: [] };
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = "";
  url.password = "";
  const login = Buffer.from(`${user}:${password}`).toString("base64");
  return { url: url.href, headers: { authorization: `Basic ${login}` }, secrets: [password, login] };
}
