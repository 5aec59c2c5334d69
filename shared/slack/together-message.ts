/** Draws one message about several requests that were asked for at once: the most powerful first. */
import type { KnownBlock } from "@slack/types";
import type { NoticeAction, NoticeFacts, RequestNotice } from "../domain/notices/notice.ts";
import { mostPowerfulFirst } from "../domain/policy/asked-together.ts";
import { askerText } from "../domain/requests/asker-text.ts";
import { earliest } from "../domain/values/instant.ts";
import {
  decisionText,
  headlineText,
  reasonText,
  stateText,
  WHEN,
} from "../notices/notice-texts.ts";
import { onCallText, ticketText } from "../notices/outside-texts.ts";
import { statusText } from "../notices/request-lines.ts";
import type { Times } from "../notices/shown-times.ts";
import { requesterSuspendedText } from "../notices/stop-texts.ts";
import { REQUEST_BLOCK } from "./actions.ts";
import { allButtons, buttonRow } from "./button.ts";
import { dates, fallback, type SlackMessage, section, status } from "./message-parts.ts";
import { decideElsewhereText } from "./texts/button-texts.ts";
import { askedTogetherText, waitingCountText } from "./texts/together-texts.ts";

type Part = Pick<RequestNotice, "facts" | "actions">;

/** The longest texts of a part and of the whole, in characters. */
const MOST = { line: 600, state: 300, reason: 1_000, each: 400 } as const;
/** Slack takes about 13,000 characters for the JSON of all blocks. Five parts of long texts are cut to shares of `MOST`. */
const MOST_JSON = 12_500;
const SHARES = [1, 1 / 2, 1 / 4, 1 / 8];
/** In a row of its own, a part that is one of several has these; the window behind Details has the rest. */
const OF_EACH: ReadonlySet<NoticeAction> = new Set(["approve", "deny", "details", "revoke"]);

export function togetherMessage(notice: RequestNotice): SlackMessage {
  const fits = ({ blocks }: SlackMessage) => JSON.stringify(blocks).length <= MOST_JSON;
  const last = SHARES.at(-1) ?? 1;
  const share = SHARES.find((each) => fits(drawn(notice, each))) ?? last;
  return drawn(notice, share);
}

function drawn({ kind, facts, actions, parts = [] }: RequestNotice, share: number): SlackMessage {
  const all = ordered([{ facts, actions }, ...parts]);
  const waiting = all.filter((part) => part.facts.state === "pending");
  const decidable = all.filter(isDecidable);
  const reasons = [...new Set(all.map((part) => part.facts.reason))];
  const headline = askedTogetherText(askerText(facts), all.length);
  const isSame = reasons.length === 1;
  const reason = isSame ? [reasonText(facts.reason)] : [];
  const suspended = requesterSuspendedText((waiting[0] ?? { facts }).facts);
  const lapses = earliest(waiting.map((part) => part.facts.lapsesAt));
  const times: Times = lapses === undefined ? [] : [[WHEN.lapses, lapses]];
  return {
    text: fallback([headline, ...all.map((part) => headlineOf(part.facts)), ...reason], times),
    blocks: [
      status(
        waiting.length === 0 ? statusText(facts) : waitingCountText(waiting.length, all.length),
      ),
      section(headline, MOST.line),
      ...reason.map((line) => section(line, MOST.reason * share)),
      ...(suspended === "" ? [] : [section(suspended, MOST.state * share)]),
      ...all.flatMap((part, at) =>
        partBlocks(part, at, { kind, isSame, isOnly: decidable.length === 1, share }),
      ),
      ...(times.length === 0 ? [] : [dates(times)]),
      ...(decidable.length > 1 ? [allButtons(decidable.map((part) => part.facts))] : []),
    ],
  };
}

const isDecidable = ({ facts, actions }: Part): boolean =>
  facts.state === "pending" && actions.includes("approve");

const ordered = (parts: readonly Part[]): readonly Part[] =>
  mostPowerfulFirst(
    parts.map((part) => ({
      part,
      access: part.facts.access,
      durationSeconds: part.facts.durationSeconds,
    })),
  ).map(({ part }) => part);

const headlineOf = (facts: NoticeFacts): string => headlineText(facts, askerText(facts));

interface Layout extends Pick<RequestNotice, "kind"> {
  /** Whether all parts have one reason, which stands above them. */
  readonly isSame: boolean;
  /** Whether only one part is left to decide on: it then has all of its buttons. */
  readonly isOnly: boolean;
  readonly share: number;
}

function partBlocks(
  { facts, actions }: Part,
  at: number,
  { kind, isSame, isOnly, share }: Layout,
): readonly KnownBlock[] {
  const state = kind === "request" ? stateText(facts) : decisionText(facts);
  const isElsewhere = facts.state === "pending" && !facts.decidedHere;
  const more = [
    ...(isSame ? [] : [reasonText(facts.reason)]),
    ...[onCallText(facts), ticketText(facts)],
    ...(isElsewhere ? [decideElsewhereText(facts.requestId)] : []),
  ].filter((line) => line !== "");
  const isIt = isOnly && isDecidable({ facts, actions });
  const shown = isIt ? actions : actions.filter((action) => OF_EACH.has(action));
  return [
    { type: "divider" },
    section(`${at + 1}. ${headlineOf(facts)}`, MOST.line * share),
    ...(state === "" ? [] : [section(state, MOST.state * share)]),
    ...more.map((line) => section(line, MOST.each * share)),
    ...buttonRow(shown, facts, `${REQUEST_BLOCK}-${at + 1}`),
  ];
}
