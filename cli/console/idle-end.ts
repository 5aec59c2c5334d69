/** The end of a console that nobody uses: its token must not outlive the person's attention. */

export interface IdleEnd {
  /** Somebody pressed something. */
  active(): void;
  /** Resolves when nobody has for the whole time. */
  readonly over: Promise<void>;
  stop(): void;
}

const IDLE_MS = 3_600_000;

export function idleEnd(idleMs = IDLE_MS): IdleEnd {
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  let timer = setTimeout(end, idleMs);
  return {
    over,
    active() {
      clearTimeout(timer);
      timer = setTimeout(end, idleMs);
    },
    stop: () => clearTimeout(timer),
  };
}
