export interface EventMessage {
  /** `run`, `verdict`, `gate`, `reset` where events were missed, or `alive` for what only says that the stream still is. */
  type: string;
  /** What to come back with, to be told what comes after it; null: nothing new. */
  id: string | null;
  data: Record<string, unknown>;
}

/** The events of a stream of server-sent events, as far as /v1/events uses them: `id`, `event`, `data`, comments. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<EventMessage> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop() ?? "";
      for (const block of blocks) yield eventOf(block);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function eventOf(block: string): EventMessage {
  let type = "message";
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "id") id = value ?? "";
    if (field === "event") type = value ?? "";
    if (field === "data") data.push(value ?? "");
  }
  if (data.length === 0) return { type: "alive", id, data: {} };
  const parsed: unknown = JSON.parse(data.join("\n"));
  return { type, id, data: typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {} };
}
