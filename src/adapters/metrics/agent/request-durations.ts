import { boundText, labelText, valueText } from "../exposition/sample-text.ts";
import { INSTRUMENTS } from "./instruments.ts";

const NAME = "sluice_http_request_duration_seconds";
const { help, buckets: BOUNDS } = INSTRUMENTS.http_request_duration_seconds;
const LABELS = ["method", "route", "status"];

/** An HTTP request that was answered. */
export interface AnsweredRequest {
  method: string;
  /** Its pattern, of which there are few. */
  route: string;
  status: number;
  seconds: number;
}

/** Durations of requests with these labels. */
interface Durations {
  /** For each bound those up to it and above the one before, then those above all. */
  counts: number[];
  sum: number;
}

/** By route, method and class of status: OpenTelemetry would sort and write out the attributes of each request to find its series. */
export class RequestDurations {
  /** Classes of status (2 of 200) by method by route. */
  readonly #byRoute = new Map<string, Map<string, Durations[]>>();

  record({ method, route, status, seconds }: AnsweredRequest): void {
    let byMethod = this.#byRoute.get(route);
    if (byMethod === undefined) {
      byMethod = new Map();
      this.#byRoute.set(route, byMethod);
    }
    let byClass = byMethod.get(method);
    if (byClass === undefined) {
      byClass = [];
      byMethod.set(method, byClass);
    }
    const status_class = Math.floor(status / 100);
    byClass[status_class] ??= { counts: new Array(BOUNDS.length + 1).fill(0), sum: 0 };
    const durations = byClass[status_class];
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]!) bucket++;
    durations.counts[bucket]!++;
    durations.sum += seconds;
  }

  /** Prometheus text; empty before the first request. */
  serialize(): string {
    let text = "";
    for (const [route, byMethod] of this.#byRoute) {
      for (const [method, byClass] of byMethod) {
        byClass.forEach((durations, status_class) => {
          text += samples(labelText(LABELS, [method, route, `${status_class}xx`]), durations);
        });
      }
    }
    return text === "" ? "" : `# HELP ${NAME} ${help}\n# TYPE ${NAME} histogram\n${text}`;
  }
}

function samples(labels: string, { counts, sum }: Durations): string {
  let text = "";
  let count = 0;
  counts.forEach((own, i) => {
    count += own;
    text += `${NAME}_bucket{${labels},le="${boundText(BOUNDS[i] ?? Number.POSITIVE_INFINITY)}"} ${count}\n`;
  });
  return `${text}${NAME}_sum{${labels}} ${valueText(sum)}\n${NAME}_count{${labels}} ${count}\n`;
}
