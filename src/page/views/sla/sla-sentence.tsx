import type { ShownSla } from "../../api/types.ts";
import { WordMark } from "../../parts/state-mark.tsx";
import { slaInWords } from "../../text/sla.ts";

export function SlaSentence({ sla, days }: { sla: ShownSla; days: number }) {
  return (
    <p class="sla-sentence">
      <WordMark word={sla.state} /> <span>{slaInWords(sla, days)}</span>
    </p>
  );
}
