import { formatTime } from "../../domain/words/time.ts";

export function whenOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTime(ms);
}
