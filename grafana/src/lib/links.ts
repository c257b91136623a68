/** To a dashboard, about what a cell says. */
export function toDashboard(uid: string, variable: string): string {
  return `/d/${uid}/${uid}?\${datasource:queryparam}&\${job:queryparam}&var-${variable}=\${__value.text:percentencode}&\${__url_time_range}`;
}
