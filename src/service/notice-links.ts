import type { NoticeLink } from "../domain/notices/message.ts";

/** Where people look further. Templates hold {pipeline_name} and {code}; null: there is no such place. */
export interface NoticeLinkSettings {
  public_url: string | null;
  dashboard_url: string | null;
  runbook_url: string | null;
}

/** The page of the agent, the dashboard and the runbook, as far as they are known. */
export function noticeLinks(
  { public_url, dashboard_url, runbook_url }: NoticeLinkSettings,
  { pipeline_name, code }: { pipeline_name: string | null; code: string },
): NoticeLink[] {
  const links: NoticeLink[] = [];
  const add = (label: string, template: string) => links.push({ label, url: filled(template, pipeline_name, code) });
  if (public_url !== null) {
    add("Open in Sluice", `${public_url.replace(/\/+$/, "")}/${pipeline_name === null ? "" : PAGE}`);
  }
  if (dashboard_url !== null) add("Dashboard", dashboard_url);
  if (runbook_url !== null) add("Runbook", runbook_url);
  return links;
}

const PAGE = "#/pipelines/{pipeline_name}";

/** About several pipelines: a dashboard's variable without a value shows all of them. */
function filled(template: string, pipeline_name: string | null, code: string): string {
  return template
    .replaceAll("{pipeline_name}", encodeURIComponent(pipeline_name ?? ""))
    .replaceAll("{code}", encodeURIComponent(code));
}
