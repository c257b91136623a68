import { useEffect, useRef, useState } from "preact/hooks";
import { wordsOf } from "../../api/problem.ts";
import { askJson, url } from "../../api/request.ts";
import { whoami } from "../../state/session.ts";

/** An override always ends, after seven days at the latest. */
const DURATIONS = [
  ["1h", "1 hour"],
  ["4h", "4 hours"],
  ["12h", "12 hours"],
  ["1d", "1 day"],
  ["3d", "3 days"],
  ["7d", "7 days"],
] as const;

interface OverrideFormProps {
  pipeline_name: string;
  run_id: string | null;
  onDone: () => void;
  onCancel: () => void;
}

export function OverrideForm({ pipeline_name, run_id, onDone, onCancel }: OverrideFormProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLInputElement>("input")?.focus(), []);
  const send = async (event: Event) => {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(form.current!)) as Record<string, string>;
    const { decision, reason, actor, expires_in, scope } = said;
    setSending(true);
    try {
      const body = { decision, reason, actor, expires_in, ...(scope === "run" && run_id !== null && { run_id }) };
      await askJson(url(["gates", pipeline_name, "overrides"]), { method: "POST", body });
      onDone();
    } catch (error) {
      setFailure(wordsOf(error));
      setSending(false);
    }
  };
  return (
    <form ref={form} class="override-form" onSubmit={send} aria-label="Override the gate">
      <fieldset class="choice wide">
        <legend>Decide</legend>
        <label>
          <input type="radio" name="decision" value="pass" required /> pass: work may go on
        </label>
        <label>
          <input type="radio" name="decision" value="block" required /> block: work must not go on
        </label>
      </fieldset>
      <label class="wide">
        Why
        <input
          name="reason"
          required
          maxLength={2000}
          autocomplete="off"
          placeholder="what makes this right, or the ticket"
        />
      </label>
      <label>
        Who
        <input name="actor" required maxLength={200} autocomplete="username" defaultValue={whoami.value?.name ?? ""} />
      </label>
      <label>
        For
        <select name="expires_in">
          {DURATIONS.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        Holds for
        <select name="scope">
          <option value="pipeline">every run in that time</option>
          {run_id !== null && <option value="run">run {run_id} only</option>}
        </select>
      </label>
      {failure !== null && (
        <p class="failure wide" role="alert">
          {failure}
        </p>
      )}
      <div class="buttons wide">
        <button type="submit" disabled={sending}>
          Override
        </button>
        <button type="button" class="quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
