import { useState } from "preact/hooks";
import { wordsOf } from "../../api/problem.ts";
import { ask } from "../../api/request.ts";
import { query, setQuery } from "../../router.ts";
import { KINDS } from "../../text/sla.ts";

const DAYS = [7, 30, 90, 365];
const DEFAULT_DAYS = 30;

/** What the address asks for. */
export function asked(): { days: number; kind: string } {
  const days = Number(query.value.get("days"));
  const kind = query.value.get("kind") ?? "";
  return {
    days: DAYS.includes(days) ? days : DEFAULT_DAYS,
    kind: KINDS.find((one) => one === kind) ?? "quality",
  };
}

/** `csv` is the path of the same as CSV, saved as `file`. */
export function SlaControls({ csv, file }: { csv: string; file: string }) {
  const { days, kind } = asked();
  return (
    <div class="filters">
      <label>
        Of
        <select value={kind} onChange={(event) => setQuery("kind", event.currentTarget.value)}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        Over
        <select value={days} onChange={(event) => setQuery("days", event.currentTarget.value)}>
          {DAYS.map((one) => (
            <option key={one} value={one}>
              {one} days
            </option>
          ))}
        </select>
      </label>
      <CsvButton path={csv} file={file} />
    </div>
  );
}

function CsvButton({ path, file }: { path: string; file: string }) {
  const [failure, setFailure] = useState<string | null>(null);
  const save = async () => {
    try {
      const response = await ask(path, { accept: "text/csv" });
      saveAs(await response.blob(), file);
      setFailure(null);
    } catch (error) {
      setFailure(wordsOf(error));
    }
  };
  return (
    <>
      <button type="button" class="quiet" onClick={save}>
        Download CSV
      </button>
      {failure !== null && (
        <span class="failure" role="alert">
          {failure}
        </span>
      )}
    </>
  );
}

/** A link cannot send the key, so the answer is fetched first. */
function saveAs(content: Blob, file: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
