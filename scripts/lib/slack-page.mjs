/** A page that looks like Slack showing these messages: enough of Block Kit and mrkdwn for the blocks the agent sends. */
export function slackPage(messages) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Slack</title><style>
body{margin:0;padding:16px 20px;background:#fff;font:15px/1.46 Lato,'Helvetica Neue',Helvetica,Arial,sans-serif;color:#1d1c1d}
.message{display:grid;grid-template-columns:36px 1fr;gap:8px;padding:8px 0}
.avatar{width:36px;height:36px;border-radius:6px;background:#1f618d;color:#fff;display:grid;place-items:center;font-weight:700}
.name{font-weight:900}.app{background:#ddd;font-size:10px;padding:1px 3px;border-radius:2px;margin:0 4px;color:#454447}.at{color:#616061;font-size:12px}
.attachment{border-left:4px solid;border-radius:4px;padding:0 0 0 12px;margin-top:6px;max-width:600px}
.block{margin:8px 0;white-space:pre-wrap}.fields{display:grid;grid-template-columns:1fr 1fr;gap:8px 16px}
pre{border:1px solid #ddd;background:#f8f8f8;border-radius:4px;padding:8px;font:12px/1.5 Menlo,'DejaVu Sans Mono',monospace;margin:4px 0;overflow:hidden}
code{border:1px solid #ddd;background:#f8f8f8;border-radius:3px;padding:1px 3px;font:12px Menlo,'DejaVu Sans Mono',monospace;color:#c01343}
pre code,pre{color:#1d1c1d}.actions{display:flex;gap:8px}.button{border:1px solid #bbb;border-radius:4px;padding:5px 12px;font-weight:700;font-size:13px}
.primary{background:#007a5a;border-color:#007a5a;color:#fff}
</style></head><body>${messages.map(messageHtml).join("")}</body></html>`;
}

function messageHtml({ text, attachments }) {
  const parts = attachments.map(
    ({ color, blocks }) =>
      `<div class="attachment" style="border-color:${color}">${blocks.map(blockHtml).join("")}</div>`,
  );
  return `<div class="message"><div class="avatar">S</div><div><span class="name">Sluice</span><span class="app">APP</span><span class="at">3:15 AM</span>
<div class="block" style="margin:0">${mrkdwn(text)}</div>${parts.join("")}</div></div>`;
}

function blockHtml(block) {
  if (block.type === "actions") {
    const buttons = block.elements.map(
      ({ text, style }) => `<span class="button ${style ?? ""}">${escaped(text.text)}</span>`,
    );
    return `<div class="block actions">${buttons.join("")}</div>`;
  }
  if (block.fields !== undefined) {
    return `<div class="block fields">${block.fields.map(({ text }) => `<div>${mrkdwn(text)}</div>`).join("")}</div>`;
  }
  return `<div class="block">${mrkdwn(block.text.text)}</div>`;
}

/** Texts for Slack are already escaped: & < >. */
function mrkdwn(text) {
  return text
    .replace(/```\n?([\s\S]*?)\n?```/g, (_, code) => `<pre>${code}</pre>`)
    .replace(/<!date\^(\d+)\^[^|>]*\|([^>]*)>/g, (_, seconds) => dateText(Number(seconds)))
    .replace(/`([^`\n]+)`/g, "<code>$1</code>")
    .replace(/(^|[\s(])\*([^*\n]+)\*/g, "$1<b>$2</b>")
    .replace(/(^|[\s(])_([^_\n]+(?:_[^_\n]+)*)_(?=$|[\s).,:])/gm, "$1<i>$2</i>");
}

function dateText(seconds) {
  const date = new Date(seconds * 1000);
  const day = date.toLocaleDateString("en-US", { month: "short", day: "numeric", timeZone: "UTC" });
  return `${day} ${date.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone: "UTC" })}`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
