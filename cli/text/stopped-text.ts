/** A stop of the caller, for people. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { StoppedAnswer } from "../../shared/http/contract/stopped-answer.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";

/** The next step for an admin who may lift a drain. */
export const LIFT_DRAIN = "Next: lift it with timelatch drain --lift.";

/** `STOPPED: carol drained the broker: …`, in red, and the command for who may lift it. */
export function stoppedText({ detail, mayLift }: StoppedAnswer, out: Stream): string {
  const next = mayLift ? `${LIFT_DRAIN}\n` : "";
  return out.paint("red", wrapLines(`STOPPED: ${visible(detail)}\n${next}`, out.columns));
}
