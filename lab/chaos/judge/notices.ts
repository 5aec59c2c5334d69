import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import type { Judgement, Seen, SeenMessage, Violation } from "./seen.ts";

/** The sample's channel for requests. */
const CHANNEL = "C0001";

/** Words that the message shows for a request in each state. */
const SAYS: Readonly<Record<RequestAnswer["state"], RegExp>> = {
  pending: /\b(?:asks to|Needs|waits)\b/,
  approved: /Access is being added/,
  active: /\bcan\b/,
  ending: /Access is being removed/,
  // The access of an extended grant may go on.
  ended: /grant has ended|Nothing was lent|Nothing of it was added|Its own time is over/,
  denied: /Denied(?: by|:)/,
  // A person who ends a chain ends an extension that still waits.
  cancelled: /(?:Cancelled|Revoked|Returned) by/,
  lapsed: /Nobody decided/,
  failed: /Failed: /,
};

/** Events that may cause a second message: its sender died, or missed Slack's answer. */
const isExcuse = ({ action }: Seen["deeds"][number]): boolean =>
  action.kind === "kill-sandbox" ||
  (action.kind === "kill-function" && action.name === "notify") ||
  (action.kind === "slack-fault" && ["drop", "delay"].includes(String(action.rule["kind"])));

const ofRequest = (messages: readonly SeenMessage[], { reason }: RequestAnswer) =>
  messages.filter(({ channel, blocks }) => channel === CHANNEL && blocks.includes(reason));

const twice = (shown: readonly SeenMessage[]) =>
  `${shown.length} messages in ${CHANNEL} show it: ${shown.map(({ text }) => text).join(" | ")}`;

function findingsOf(request: RequestAnswer, seen: Seen, most: number): readonly Violation[] {
  const { id, state } = request;
  const shown = ofRequest(seen.messages, request);
  const finding = (detail: string): Violation => ({ at: seen.settledAt, request: id, detail });
  // Nobody knows of a message whose sender died before it stored it, so that one shows what was true then.
  const unknown = Math.min(most, shown.length) - 1;
  const stale = shown.filter(({ text }) => !SAYS[state].test(text));
  const wrong = stale.length > unknown ? stale : [];
  return [
    ...(shown.length === 0 ? [finding(`No message in ${CHANNEL} shows it.`)] : []),
    ...(shown.length > most ? [{ ...finding(twice(shown)), isFinal: true as const }] : []),
    ...wrong.map(({ text }) =>
      finding(`It is ${state}, and one of its ${shown.length} messages says: ${text}`),
    ),
  ];
}

export const NOTICES: Judgement = {
  sentence: "Every notice shows the final state, once.",
  judge: (seen) => {
    const most = 1 + seen.deeds.filter(isExcuse).length;
    return seen.requests.flatMap(({ request }) => findingsOf(request, seen, most));
  },
};
