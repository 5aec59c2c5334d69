/** The parts of a message about a suspension, a drain or the end of one, in any medium. */
import type { StopNotice } from "../domain/notices/notice.ts";
import type { Times } from "./shown-times.ts";
import { doneText, lifterText, meansText, SINCE, stopReasonText } from "./stop-texts.ts";

/** Whether the reader is the person whom it is about. */
export const isOwnStop = ({ facts, audience }: StopNotice): boolean =>
  audience.kind !== "channel" && audience.person === facts.person;

export function stopLines(notice: StopNotice): readonly string[] {
  const { facts } = notice;
  const isOwn = isOwnStop(notice);
  return [
    doneText(facts, isOwn),
    stopReasonText(facts),
    meansText(facts, isOwn),
    lifterText(facts, isOwn),
  ].filter((line) => line !== "");
}

export const stopTimes = ({ facts }: StopNotice): Times => [[SINCE, facts.at]];
