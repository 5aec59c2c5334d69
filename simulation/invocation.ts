import type { VirtualTime } from "./virtual-time.ts";

/** One run of a function: it has a clock of its own, and an end. */
export interface Invocation {
  /** `converge#12`, for the trace. */
  readonly name: string;
  /** The binding that it is about; undefined for one that is about all. */
  readonly binding: string | undefined;
  readonly startedAt: number;
  /** When it is cut off, in milliseconds. */
  readonly deadline: number;
  /** How far its clock is ahead, in milliseconds. */
  readonly skew: number;
  /** It is not to be disturbed: the last try of a message that may not be lost. */
  readonly spared: boolean;
  /** Nothing that it would still do is done once it is cut off. */
  readonly isCut: () => boolean;
  readonly cut: () => void;
}

export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "cut" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Runs `work` until it ends by itself, is cut off by a crash, or its time is over. */
export function invoke(
  time: VirtualTime,
  of: Pick<Invocation, "name" | "binding" | "skew" | "spared"> & { readonly millis: number },
  work: (invocation: Invocation) => Promise<unknown>,
): Promise<Ending> {
  return new Promise((resolve) => {
    let over = false;
    let cutOff = false;
    const end = (ending: Ending) => {
      if (over) return;
      over = true;
      cutOff = ending.kind === "cut";
      resolve(ending);
    };
    const invocation: Invocation = {
      ...of,
      startedAt: time.now,
      deadline: time.now + of.millis,
      isCut: () => cutOff,
      cut: () => end({ kind: "cut" }),
    };
    time.at(invocation.deadline, invocation.cut);
    work(invocation).then(
      () => end({ kind: "done" }),
      (error: unknown) => end({ kind: "failed", error }),
    );
  });
}
