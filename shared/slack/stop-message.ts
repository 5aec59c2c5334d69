/** Draws a suspension, a drain or the end of one as Block Kit: no buttons, so nobody lifts by accident. */
import type { StopNotice } from "../domain/notices/notice.ts";
import { isOwnStop, stopTimes } from "../notices/stop-lines.ts";
import {
  doneText,
  lifterText,
  meansText,
  STOP_HEADERS,
  stopReasonText,
} from "../notices/stop-texts.ts";
import { dates, fallback, header, MOST, type SlackMessage, section } from "./message-parts.ts";

export function stopMessage(notice: StopNotice): SlackMessage {
  const { facts } = notice;
  const isOwn = isOwnStop(notice);
  const done = doneText(facts, isOwn);
  const reason = stopReasonText(facts);
  const rest = [meansText(facts, isOwn), lifterText(facts, isOwn)].filter((line) => line !== "");
  const times = stopTimes(notice);
  return {
    text: fallback([done, ...rest], times),
    blocks: [
      ...(isOwn ? [] : [header(STOP_HEADERS[facts.type])]),
      section(done, MOST.line),
      ...(reason === "" ? [] : [section(reason, MOST.reason)]),
      ...rest.map((line) => section(line, MOST.line)),
      dates(times),
    ],
  };
}
