/** Moves of the mouse or a finger over the drawing: dragging it, and zooming about a place. */
import { type MouseEvent, type PointerEvent, useEffect, useRef } from "react";
import type { Interval } from "./scale.ts";

export interface Moves {
  /** @param share of the look's length; more than 0 for earlier */
  readonly drag: (share: number) => void;
  /** @param by -1 for a shorter look @param share the place that stays, from 0 to 1 */
  readonly zoom: (by: -1 | 1, share: number) => void;
}

interface Setting extends Moves {
  /** In pixels: where the plot begins, and how wide it is. */
  readonly label: number;
  readonly plot: number;
  readonly interval: Interval;
}

/** A press that moves less is a click. */
const LEAST = 4;
/** A wheel turns by this much for a step; a touchpad turns by little, and often. */
const STEP = 60;

/** While it is dragged, the drawing is moved as it is, without React. Once it is let go, the view reads and draws. */
export function useMoves({ label, plot, interval, drag, zoom }: Setting) {
  const svg = useRef<SVGSVGElement>(null);
  const moved = useRef<SVGGElement>(null);
  const wasDragged = useRef(false);
  const latest = useRef({ label, plot, drag, zoom });
  latest.current = { label, plot, drag, zoom };
  const { from, to } = interval;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another interval is drawn at its own place
  useEffect(() => moved.current?.removeAttribute("transform"), [from, to]);
  useEffect(() => onWheel(svg.current, latest), []);
  const down = (event: PointerEvent<SVGSVGElement>) => {
    wasDragged.current = false;
    if (event.button !== 0) return;
    const start = event.clientX;
    const stop = new AbortController();
    const by = (now: globalThis.PointerEvent) => now.clientX - start;
    const move = (now: globalThis.PointerEvent) => {
      if (Math.abs(by(now)) >= LEAST) wasDragged.current = true;
      if (wasDragged.current) moved.current?.setAttribute("transform", `translate(${by(now)} 0)`);
    };
    const end = (now: globalThis.PointerEvent) => {
      stop.abort();
      // The same interval as before has no effect that would put the drawing back.
      moved.current?.removeAttribute("transform");
      if (wasDragged.current && now.type === "pointerup" && latest.current.plot > 0)
        latest.current.drag(by(now) / latest.current.plot);
    };
    window.addEventListener("pointermove", move, { signal: stop.signal });
    for (const name of ["pointerup", "pointercancel"] as const)
      window.addEventListener(name, end, { signal: stop.signal });
  };
  /** The end of a drag over a bar is no click on it. */
  const click = (event: MouseEvent) => {
    if (!wasDragged.current) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { svg, plot: moved, down, click };
}

type Latest = { readonly current: Omit<Setting, "interval"> };

/** The wheel by itself scrolls the page. React's own listener could not keep the browser from zooming. */
function onWheel(svg: SVGSVGElement | null, latest: Latest): (() => void) | undefined {
  if (!svg) return undefined;
  let turned = 0;
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    turned += event.deltaY;
    if (Math.abs(turned) < STEP) return;
    const { label, plot, zoom } = latest.current;
    const place = event.clientX - svg.getBoundingClientRect().left - label;
    zoom(turned < 0 ? -1 : 1, Math.min(1, Math.max(0, place / plot)));
    turned = 0;
  };
  svg.addEventListener("wheel", wheel, { passive: false });
  return () => svg.removeEventListener("wheel", wheel);
}
