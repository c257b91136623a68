import { refusal } from "../delivery/post/refusal.ts";
import type { Reply, Request } from "../delivery/post/request.ts";
import { MOST_WHILE_WAITED_FOR, retryDelay } from "../delivery/post/retry-delay.ts";
import { type Problems, shown } from "../report/problems.ts";
import { blockedMessage, GateBlocked, type GateDecision, isDecision } from "./decision.ts";
import type { Gate, GateOptions, GateQuestion } from "./gate.ts";

export interface CreateGateDeps {
  ask: (request: Request) => Promise<Reply>;
  /** Hands over all reports; false: not all are with the agent. */
  flush: (deadline: number) => Promise<boolean>;
  problems: Problems;
  tell: (problem: string) => void;
  warn: (message: string) => void;
  now: () => number;
}

/** An agent that is just being restarted is waited for so long (milliseconds). */
const GIVE_UP_AFTER = 10_000;
/** The agent holds an answer at most 5 minutes; less keeps the connection from being cut on the way. */
const LONGEST_HOLD = 60_000;
const ANSWER_TIMEOUT = 10_000;
/** The last try, at the end of the time, may take so long to find that nothing waits to be sent. */
const LAST_TRY = 1_000;
/** An answer that came sooner was not held. */
const LEAST_HOLD = 1_000;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function createGate(pipeline_name: string, { onUnreachable }: GateOptions, deps: CreateGateDeps): Gate {
  const said = onUnreachable === "block" || onUnreachable === "allow";
  if (!said) {
    const given = onUnreachable === undefined ? "missing" : `${shown(onUnreachable)} given`;
    deps.tell(
      `gate(${shown(pipeline_name)}): onUnreachable: ${given}; say "block" or "allow" for when the agent cannot be asked. Until then it blocks`,
    );
  }
  const decision = async (question: GateQuestion = {}): Promise<GateDecision> => {
    const answered = await consult(pipeline_name, question, deps);
    if (typeof answered !== "string") return answered;
    const allowed = onUnreachable === "allow";
    if (allowed)
      deps.warn(
        `the gate of ${pipeline_name} was not asked and is passed, as onUnreachable: "allow" says: ${answered}`,
      );
    const run_id = question.run_id ?? null;
    return { pipeline_name, decision: "unreachable", allowed, run_id, reasons: [], unreachable: answered };
  };
  return {
    decision,
    async check(question) {
      const answer = await decision(question);
      if (answer.allowed) return answer;
      if (answer.decision !== "unreachable") throw new GateBlocked(answer, blockedMessage(answer));
      const why = said ? 'onUnreachable: "block"' : "onUnreachable was not said, so it blocks";
      throw new GateBlocked(answer, `the gate of ${pipeline_name} could not be asked (${why}): ${answer.unreachable}`);
    },
  };
}

/** The decision, or why there is none. */
async function consult(
  pipeline_name: string,
  question: GateQuestion,
  deps: CreateGateDeps,
): Promise<GateDecision | string> {
  checkQuestion(pipeline_name, question, deps);
  const wait = parseWait(question.wait) ?? 0;
  const until = deps.now() + wait;
  const deadline = deps.now() + Math.max(wait, GIVE_UP_AFTER);
  for (let failures = 1; ; failures++) {
    // An answer that does not know what was just reported could be a wrong yes.
    if (!(await deps.flush(Math.max(deadline, deps.now() + LAST_TRY))))
      return "what was reported before has not reached the agent";
    const hold = Math.min(LONGEST_HOLD, Math.max(0, until - deps.now()));
    const asked = deps.now();
    const path = `/v1/gates/${encodeURIComponent(pipeline_name)}${queryOf(question, hold)}`;
    const reply = await deps.ask({ method: "GET", path, timeout: hold + ANSWER_TIMEOUT });
    if (reply.kind === "refused") throw refusal(`the gate of ${pipeline_name}`, reply);
    if (reply.kind === "answer") {
      if (!isDecision(reply.body)) return "the answer is not a gate's";
      if (reply.body.decision !== "pending" || deps.now() >= until) return reply.body;
      failures = 0;
      // An agent that does not hold the answer is not asked without a pause.
      if (deps.now() - asked < LEAST_HOLD) await pause(Math.min(LEAST_HOLD, until - deps.now()));
    } else {
      const left = deadline - deps.now();
      if (left <= 0 || reply.for_good) return reply.why;
      await pause(Math.min(left, retryDelay(failures, reply.retry_after, Math.random(), MOST_WHILE_WAITED_FOR)));
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function checkQuestion(pipeline_name: string, { run_id, wait, consumer }: GateQuestion, deps: CreateGateDeps): void {
  const { problems, tell } = deps;
  const say = (problem: string | null) => problem !== null && tell(`gate(${shown(pipeline_name)}): ${problem}`);
  say(problems.name("pipeline_name", pipeline_name));
  if (run_id !== undefined) say(problems.runId(run_id));
  if (consumer !== undefined) say(problems.name("consumer", consumer));
  if (parseWait(wait) === null)
    say(`wait: ${shown(wait)} given; must be seconds, or a duration such as 30s, 10m, 2h; it does not wait`);
}

function queryOf({ run_id, consumer, while_running }: GateQuestion, hold: number): string {
  const query = new URLSearchParams();
  if (run_id !== undefined) query.set("run_id", run_id);
  if (consumer !== undefined) query.set("consumer", consumer);
  if (while_running === true) query.set("while_running", "true");
  if (hold >= 1000) query.set("wait", `${Math.floor(hold / 1000)}s`);
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Milliseconds of seconds or a duration ("30s", "10m", "2h"); 0 when not given, null when it is neither. */
function parseWait(wait: string | number | undefined): number | null {
  if (wait === undefined) return 0;
  if (typeof wait === "number") return wait >= 0 && Number.isFinite(wait) ? wait * 1000 : null;
  const match = typeof wait === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(wait) : null;
  return match === null ? null : Number(match[1]) * UNITS[match[2]!]!;
}
