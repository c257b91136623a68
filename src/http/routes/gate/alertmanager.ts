import { AlertsAnswer } from "../../../contract/gate.ts";
import { AlertmanagerBody, readAlertmanager } from "../../../intake/alertmanager.ts";
import { type AlertDeps, takeAlerts } from "../../../service/gate/take-alerts.ts";
import { requirePipeline } from "../../access/auth.ts";
import type { TypedApp } from "../../server/typed-app.ts";

/** A 4xx is not sent again by Alertmanager, a 5xx is: so the latter is only for what will be well later. */
export function alertmanagerRoute(app: TypedApp, deps: AlertDeps): void {
  app.post(
    "/v1/alertmanager",
    {
      config: { role: "alertmanager" },
      schema: {
        tags: ["gates"],
        summary: "Alertmanager's webhook (version 4): alerts with the labels pipeline_name and gate hold that gate",
        body: AlertmanagerBody,
        response: { 200: AlertsAnswer },
      },
    },
    async (request) => {
      const { alerts, ignored } = readAlertmanager(request.body);
      for (const { pipeline_name } of alerts) requirePipeline(request.caller, pipeline_name);
      await takeAlerts(deps, alerts);
      return { accepted: alerts.length, ignored };
    },
  );
}
