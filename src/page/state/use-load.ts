import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { generation } from "./connection.ts";
import { onEvent } from "./live.ts";

export interface Loaded<T> {
  /** What was last answered; stays while it is asked for again. */
  data: T | null;
  error: unknown;
  loading: boolean;
  reload: () => void;
}

const GATHER_MS = 250;

/**
 * What the agent answers, asked for again when `key` changes, when the agent is back, and when it tells of
 * `pipeline_name` (null: of nothing).
 */
export function useLoad<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  pipeline_name: string | null = null,
): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; error: unknown; loading: boolean }>({
    key,
    data: null,
    error: null,
    loading: true,
  });
  const [times, setTimes] = useState(0);
  const reload = useCallback(() => setTimes((n) => n + 1), []);
  const newest = useRef(load);
  newest.current = load;
  const back = generation.value;

  useEffect(() => {
    const stop = new AbortController();
    setState((old) => ({ ...(old.key === key ? old : { key, data: null, error: null }), loading: true }));
    newest.current(stop.signal).then(
      (data) => !stop.signal.aborted && setState({ key, data, error: null, loading: false }),
      (error) => !stop.signal.aborted && setState((old) => ({ ...old, error, loading: false })),
    );
    return () => stop.abort();
  }, [key, times, back]);

  useEffect(() => {
    if (pipeline_name === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onEvent(({ data }) => {
      if (data.pipeline_name === pipeline_name) timer ??= setTimeout(again, GATHER_MS);
    });
    const again = () => {
      timer = undefined;
      reload();
    };
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [pipeline_name, reload]);

  const current = state.key === key;
  return { data: current ? state.data : null, error: current ? state.error : null, loading: state.loading, reload };
}
