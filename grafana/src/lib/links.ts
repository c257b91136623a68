/** To a dashboard, about what a cell says. */
export function toDashboard(uid: string, variable: string): string {
  return `/d/${uid}/${uid}?\${datasource:queryparam}&\${job:queryparam}&var-${variable}=\${__value.text:percentencode}&\${__url_time_range}`;
}

/** To the agent's page about the pipeline of the row; `column` has its name. */
export function toAgentsPage(column: string): string {
  return `$agent_url/pipelines/\${__data.fields.${column}:percentencode}`;
}
