import type { VirtualTime } from "./virtual-time.ts";

/** One run of a function, with its own clock and deadline. */
export interface Invocation {
  /** `converge#12`, for the trace. */
  readonly name: string;
  /** The binding that it works on; undefined where it works on all. */
  readonly binding: string | undefined;
  readonly startedAt: number;
  /** When it is cut off, in milliseconds. */
  readonly deadline: number;
  /** How far its clock is ahead, in milliseconds. */
  readonly skew: number;
  /** No fault strikes it, since its message must not be lost and this is the last try. */
  readonly spared: boolean;
  /** Once it is cut off, nothing that it would still do takes effect. */
  readonly isCut: () => boolean;
  readonly cut: () => void;
}

export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "cut" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Runs `work` until it ends, crashes, or reaches its deadline. */
export function invoke(
  time: VirtualTime,
  about: Pick<Invocation, "name" | "binding" | "skew" | "spared"> & { readonly millis: number },
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
      ...about,
      startedAt: time.now,
      deadline: time.now + about.millis,
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
