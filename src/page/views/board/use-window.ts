import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows kept above and below what is in sight, so that scrolling and the Tab key find them there. */
const AROUND = 12;
const STEP = 8;
/** Pixels, until the style sheet was asked. */
const ROW_HEIGHT = 44;

export interface Window {
  from: number;
  /** Not included. */
  to: number;
  /** Pixels; the style sheet says it, in --row. */
  rowHeight: number;
}

/** Which of `rows` rows of a list that scrolls with the page are in sight. */
export function useWindow(list: RefObject<HTMLElement | null>, rows: number): Window {
  const [shown, setShown] = useState<Window>({ from: 0, to: Math.min(rows, 40), rowHeight: ROW_HEIGHT });
  const rowHeight = useRef(ROW_HEIGHT);
  const look = () => {
    const element = list.current;
    if (element === null) return;
    const height = rowHeight.current;
    const above = Math.max(0, -element.getBoundingClientRect().top);
    const from = Math.max(0, Math.floor(above / height / STEP) * STEP - AROUND);
    const to = Math.min(rows, Math.ceil((above + innerHeight) / height / STEP) * STEP + AROUND);
    setShown((old) =>
      old.from === from && old.to === to && old.rowHeight === height ? old : { from, to, rowHeight: height },
    );
  };
  const measure = () => {
    if (list.current === null) return;
    const said = getComputedStyle(list.current).getPropertyValue("--row");
    rowHeight.current = Number.parseFloat(said) || ROW_HEIGHT;
    look();
  };
  useLayoutEffect(measure, [rows]);
  useEffect(() => {
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", measure);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", measure);
    };
  }, [rows]);
  return { ...shown, to: Math.min(rows, shown.to) };
}
