/** Texts about several requests that were asked for at once: on their message, and after a decision on all. */

import { describeAccessOn } from "../../domain/requests/access-text.ts";
import { askerText } from "../../domain/requests/asker-text.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import type { BrokerError } from "../../domain/values/errors.ts";
import { refusalText } from "./answer-texts.ts";

export const askedTogetherText = (who: string, count: number): string =>
  `${who} asked for ${count} things at once. Each is decided by its own rule, and ends by itself.`;

/** The state of all, in a word or two at the head of the message. */
export const waitingCountText = (waiting: number, all: number): string =>
  waiting === all ? "Waiting" : `Waiting: ${waiting} of ${all}`;

const whatOf = ({ access, cluster, durationSeconds }: AccessRequest): string =>
  `${describeAccessOn(access, cluster.name)} for ${formatDuration(durationSeconds)}`;

/** Over the field of the window that denies several. */
export const denyAllLines = (requests: readonly AccessRequest[]): readonly string[] =>
  requests.map((request) => `${askerText(request)} asks for ${whatOf(request)}: ${request.reason}`);

/** The outcome of each part. A part that was not decided is named with the reason. */
export interface DecidedAll {
  readonly decided: readonly AccessRequest[];
  readonly refused: readonly { readonly id: string; readonly error: BrokerError }[];
}

export const decidedAllLines = (
  verdict: "approve" | "deny",
  { decided, refused }: DecidedAll,
): readonly string[] => [
  ...decided.map((request) => `${decidedText(verdict, request)}: ${whatOf(request)}.`),
  ...refused.map(({ id, error }) => `Not decided: timelatch show ${id}. ${refusalText(error)}`),
];

const decidedText = (verdict: "approve" | "deny", { state }: AccessRequest): string =>
  verdict === "deny"
    ? "Denied"
    : state === "pending"
      ? "Approved, more approvals needed"
      : "Approved";
