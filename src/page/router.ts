import { computed, signal } from "@preact/signals";

const here = signal({ path: location.pathname, query: location.search });

export const path = computed(() => here.value.path);
export const query = computed(() => new URLSearchParams(here.value.query));

/** The path's parts, decoded: ["pipelines", "a/b", "drift"]. */
export const parts = computed(() => path.value.split("/").slice(1).map(decoded));

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  here.value = { path: location.pathname, query: location.search };
  if (!replace) scrollTo(0, 0);
}

/** Says something of the view in the address, so that it can be sent to somebody. */
export function setQuery(name: string, value: string): void {
  const next = new URLSearchParams(query.value);
  if (value === "") next.delete(name);
  else next.set(name, value);
  const text = next.toString();
  go(`${path.value}${text === "" ? "" : `?${text}`}`, { replace: true });
}

/** Where a pipeline is shown; names may hold anything, `/` too. */
export function pipelinePath(pipeline_name: string, ...more: string[]): string {
  return `/${["pipelines", pipeline_name, ...more].map(encodeURIComponent).join("/")}`;
}

/** Links of the page itself change only what is shown. */
export function followLinks(): void {
  addEventListener("popstate", () => {
    here.value = { path: location.pathname, query: location.search };
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.("a");
    if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || link.hash !== "" || !isView(link.pathname)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

/** The same list as in src/http/routes/agent/home.ts; everything else is a document of its own. */
function isView(pathname: string): boolean {
  return pathname === "/" || /^\/(pipelines\/.+|sla|notices|about)$/.test(pathname);
}
