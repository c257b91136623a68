import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

/** Rows kept above and below what is in sight, so that scrolling and the Tab key find them there. */
const AROUND = 12;
const STEP = 4;

export interface Window {
  from: number;
  /** Not included. */
  to: number;
  /** Pixels; the style sheet says it, in --row. */
  rowHeight: number;
}

/** Which of `rows` rows of a list that scrolls with the page are in sight. */
export function useWindow(list: RefObject<HTMLElement | null>, rows: number): Window {
  const [shown, setShown] = useState<Window>({ from: 0, to: Math.min(rows, 40), rowHeight: 44 });
  const measure = () => {
    const element = list.current;
    if (element === null) return;
    const rowHeight = Number.parseFloat(getComputedStyle(element).getPropertyValue("--row")) || 44;
    const above = Math.max(0, -element.getBoundingClientRect().top);
    const from = Math.max(0, Math.floor(above / rowHeight / STEP) * STEP - AROUND);
    const to = Math.min(rows, Math.ceil((above + innerHeight) / rowHeight / STEP) * STEP + AROUND);
    setShown((old) =>
      old.from === from && old.to === to && old.rowHeight === rowHeight ? old : { from, to, rowHeight },
    );
  };
  useLayoutEffect(measure, [rows]);
  useEffect(() => {
    addEventListener("scroll", measure, { passive: true });
    addEventListener("resize", measure);
    return () => {
      removeEventListener("scroll", measure);
      removeEventListener("resize", measure);
    };
  }, [rows]);
  return { ...shown, to: Math.min(rows, shown.to) };
}
