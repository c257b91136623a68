/** Splits user and password from a URL into a header: fetch refuses URLs that hold them. */
export interface UrlLogin {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** The secrets to hide. */
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
