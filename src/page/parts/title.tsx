import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { path } from "../router.ts";

/** The address whose heading was shown last; null: none yet. */
let shownAt: string | null = null;

/** The view's heading. It takes the focus when the view is come to by a link, so that it is read out. */
export function Title({ text, children }: { text: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = text === "Board" ? "Sluice" : `${text} · Sluice`;
    if (shownAt !== null && shownAt !== path.peek()) heading.current?.focus({ preventScroll: true });
    shownAt = path.peek();
  }, [text]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? text}
    </h1>
  );
}
