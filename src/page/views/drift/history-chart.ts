import { effect } from "@preact/signals";
import uPlot from "uplot";
import type { ShownVerdict } from "../../api/types.ts";
import { theme } from "../../state/theme.ts";
import { figure } from "../../text/numbers.ts";
import { moment } from "../../text/time.ts";

const HEIGHT = 220;
/** Times the threshold: what is above is drawn there, with its number, so that the rest is not flattened. */
const HIGHEST = 4;
const DAY = 86_400;

/** PSI, threshold and what chance reaches over time, in the page's colours. Answers how to take it away again. */
export function drawHistory(place: HTMLElement, newestFirst: readonly ShownVerdict[]): () => void {
  const history = newestFirst.toReversed();
  const data: uPlot.AlignedData = [
    history.map(({ at }) => new Date(at).getTime() / 1000),
    history.map(({ psi, threshold }) => (psi === null ? null : Math.min(psi, HIGHEST * threshold))),
    history.map(({ threshold }) => threshold),
    history.map(({ critical_psi, threshold }) =>
      critical_psi === null ? null : Math.min(critical_psi, HIGHEST * threshold),
    ),
  ];
  let plot: uPlot | undefined;
  const draw = () => {
    plot?.destroy();
    plot = new uPlot(optionsOf(place, history), data, place);
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", draw);
  const stop = effect(() => {
    theme.value;
    // The style of the new theme is there in the next frame.
    requestAnimationFrame(draw);
  });
  const resized = new ResizeObserver(() => plot?.setSize({ width: place.clientWidth, height: HEIGHT }));
  resized.observe(place);
  return () => {
    stop();
    resized.disconnect();
    dark.removeEventListener("change", draw);
    plot?.destroy();
    plot = undefined;
  };
}

function optionsOf(place: HTMLElement, history: readonly ShownVerdict[]): uPlot.Options {
  const colour = (name: string) => resolved(place, name);
  const axis = { stroke: colour("--faint"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  return {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { show: false } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(max * 1.25, 0.05)] } },
    axes: [
      { ...axis, space: 80, values: (_plot, times) => times.map((time) => dateText(time, times)) },
      { ...axis, size: 56, values: (_plot, values) => values.map((value) => figure(value)) },
    ],
    series: [
      {},
      { stroke: colour("--accent"), width: 2, spanGaps: true, points: { show: true, size: 5 } },
      { stroke: colour("--block"), width: 1.5, dash: [8, 4], points: { show: false } },
      { stroke: colour("--faint"), width: 1.5, dash: [2, 3], points: { show: false } },
    ],
    hooks: { draw: [(plot) => crossDrifted(plot, history, colour("--block"))] },
  };
}

/** A shape besides the colour. */
function crossDrifted(plot: uPlot, history: readonly ShownVerdict[], stroke: string): void {
  const { ctx } = plot;
  const size = 5 * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.fillStyle = stroke;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.setLineDash([]);
  for (const { at, psi, verdict, threshold } of history) {
    if (verdict !== "drifted" || psi === null) continue;
    const x = plot.valToPos(new Date(at).getTime() / 1000, "x", true);
    const y = plot.valToPos(Math.min(psi, HIGHEST * threshold), "y", true);
    ctx.beginPath();
    ctx.moveTo(x - size, y - size);
    ctx.lineTo(x + size, y + size);
    ctx.moveTo(x + size, y - size);
    ctx.lineTo(x - size, y + size);
    ctx.stroke();
    if (psi > HIGHEST * threshold) ctx.fillText(`${figure(psi)} ↑`, x, y - 2 * size);
  }
  ctx.restore();
}

/** Days; the hour too where there are several ticks a day. */
function dateText(time: number, times: readonly number[]): string {
  const text = moment(time * 1000);
  return (times[1] ?? 0) - (times[0] ?? 0) < DAY ? text.replace(" UTC", "") : text.replace(/ \d\d:\d\d UTC$/, "");
}

/** A canvas knows no custom properties and no light-dark(). */
function resolved(place: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
