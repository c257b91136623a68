import type { NoticeLink } from "../../domain/notices/words/message.ts";

/** URLs for links. Templates hold {pipeline_name} and {code}; null: not configured. */
export interface NoticeLinkSettings {
  public_url: string | null;
  dashboard_url: string | null;
  runbook_url: string | null;
}

/** Links to the page of the agent, the dashboard and the runbook, where they are configured. */
export function noticeLinks(
  { public_url, dashboard_url, runbook_url }: NoticeLinkSettings,
  { pipeline_name, code }: { pipeline_name: string | null; code: string },
): NoticeLink[] {
  const links: NoticeLink[] = [];
  const add = (label: string, template: string) => links.push({ label, url: filled(template, pipeline_name, code) });
  if (pipeline_name === null) links.push(...pageLink(public_url));
  else if (public_url !== null) add(OPEN, `${withoutSlash(public_url)}/${PAGE}`);
  if (dashboard_url !== null) add("Dashboard", dashboard_url);
  if (runbook_url !== null) add("Runbook", runbook_url);
  return links;
}

/** The link to the page of the agent; none where its URL is not configured. */
export function pageLink(public_url: string | null): NoticeLink[] {
  return public_url === null ? [] : [{ label: OPEN, url: `${withoutSlash(public_url)}/` }];
}

const OPEN = "Open in Sluice";
const PAGE = "pipelines/{pipeline_name}";

/** For several pipelines the variable stays empty: the dashboard then shows all of them. */
function filled(template: string, pipeline_name: string | null, code: string): string {
  return template
    .replaceAll("{pipeline_name}", encodeURIComponent(pipeline_name ?? ""))
    .replaceAll("{code}", encodeURIComponent(code));
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
