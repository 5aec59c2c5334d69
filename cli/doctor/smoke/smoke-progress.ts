/** The progress of a smoke test: what it makes, what it waits for, and how each part ended. */
import { setTimeout as sleep } from "node:timers/promises";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import { type Context, remark } from "../../context.ts";
import { progressLine } from "../../terminal/progress.ts";
import { truncate, wrapLines } from "../../terminal/text-layout.ts";
import { spanText } from "../../text/time-text.ts";
import { type RedactableText, shown } from "./report/redactable.ts";
import type { PartEnd } from "./run-parts.ts";
import type { Stage } from "./stage.ts";
import { type Thing, thingText } from "./thing.ts";

/** Shorter waits are not worth a line in a file. */
const SHORT_MS = 3_000;
/** Columns kept free, so that the terminal's `^C` does not break the line. */
const INTERRUPT_ECHO = 3;

export interface SmokeProgress extends Pick<Stage, "until" | "pause"> {
  makes(thing: Thing): void;
  removed(thing: Thing): void;
  says(sentence: RedactableText): void;
  begins(part: string): void;
  played(end: PartEnd): void;
}

/**
 * @param pollMs between two looks
 * @param signal ends every wait
 */
export function smokeProgress(
  context: Context,
  pollMs: number,
  signal: AbortSignal,
): SmokeProgress {
  const { err } = context.screen;
  const line = progressLine(context);
  const say = (text: string) => {
    line.end();
    remark(context, `${wrapLines(visible(text), err.columns)}\n`);
  };
  const pause = (milliseconds: number) => sleep(milliseconds, undefined, { signal });
  return {
    pause,
    makes: (thing) => say(`  + makes ${shown(thingText(thing))}`),
    removed: (thing) => say(`  - removed ${shown(thingText(thing))}`),
    says: (sentence) => say(shown(sentence)),
    begins: (part) => say(`${part}:`),
    played: (end) => say(summary(end)),
    async until(what, within, look, everyMs = pollMs) {
      const began = Date.now();
      let isSaid = false;
      try {
        for (;;) {
          signal.throwIfAborted();
          const seen = await look();
          if (seen !== undefined) return seen;
          const passed = Date.now() - began;
          if (passed >= within * 1_000) return undefined;
          if (!err.terminal && !isSaid && passed >= SHORT_MS) {
            say(`  … waits for ${shown(what)}, ${spanText(within)} at most`);
            isSaid = true;
          }
          const times = ` (${spanText(passed / 1_000)} of ${spanText(within)}; Ctrl-C cleans up)`;
          const room = err.columns - times.length - INTERRUPT_ECHO;
          if (err.terminal)
            line.show(`${truncate(visible(`  … waits for ${shown(what)}`), room)}${times}`);
          await pause(everyMs);
        }
      } finally {
        line.end();
      }
    },
  };
}

function summary({ played: { part, facts, failed }, left }: PartEnd): string {
  const count = (verdict: string) => facts.filter((fact) => fact.verdict === verdict).length;
  const said = [
    `${count("holds")} hold`,
    ...(count("contradicted") > 0 ? [`${count("contradicted")} do not`] : []),
    ...(count("unsettled") > 0 ? [`${count("unsettled")} not settled`] : []),
    ...(failed ? [shown(failed)] : []),
    ...(left.length > 0 ? [`${left.length} things could not be removed`] : []),
  ];
  return `${part} is over: ${said.join(", ")}`;
}
