/** `/access` and its words. */
import type { NoticeAction } from "../../domain/notices/notice.ts";
import { endsOf } from "../../domain/requests/chain-ends.ts";
import { ACCESS_MAY_EXIST } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { endGrant } from "../../usecases/requests/end-grant.ts";
import { listOwn } from "../../usecases/requests/read-requests.ts";
import { ephemeral, type Json, section } from "../blocks.ts";
import type { CommandPayload } from "../payloads.ts";
import { noneActiveText, noneOpenText, TEXTS } from "../texts/answer-texts.ts";
import { LABELS, moreText } from "../texts/form-texts.ts";
import { askByCommand, openForm } from "./asking.ts";
import { ownActions, requestBlocks } from "./own-access.ts";
import { returnedLines } from "./returned.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";

type OnCommand = (front: SlackFront, act: Act<CommandPayload>) => Promise<Reply>;

const WORDS: Readonly<Record<string, OnCommand>> = {
  "": (front, { actor, payload }) => openForm(front, actor, payload.trigger_id),
  help: async () => ephemeral(TEXTS.help),
  list: async (front, act) => {
    const { items, next } = await ownRequests(front, act);
    const open = items.filter(({ state }) => state === "pending" || ACCESS_MAY_EXIST.has(state));
    if (open.length === 0) return ephemeral(noneOpenText(next !== undefined));
    return listed(front, [], open, (request) => ownActions(front.policy, request));
  },
  return: returnOwn,
};

/** @throws BrokerError for whatever the broker refuses */
export async function onCommand(front: SlackFront, act: Act<CommandPayload>): Promise<Reply> {
  const word = (act.payload.text ?? "").trim().toLowerCase();
  const handler = Object.hasOwn(WORDS, word) ? WORDS[word] : askByCommand;
  return handler?.(front, act);
}

/** Returns the only grant there is. Among several, a button says which. */
async function returnOwn(front: SlackFront, act: Act<CommandPayload>): Promise<Reply> {
  const { items, next } = await ownRequests(front, act);
  const own = items.filter(({ state }) => state === "active");
  // A return of one grant of a chain ends all of it, so a chain is one choice.
  const active = endsOf(own, true).map(({ request }) => request);
  const [only, ...others] = active;
  if (!only) return ephemeral(noneActiveText(next !== undefined));
  if (others.length > 0)
    return listed(front, [section(TEXTS.severalToReturn)], active, () => ["return"]);
  const ended = await endGrant(front, act.actor, only.id, "return");
  return ephemeral(await returnedLines(front, act.actor, ended));
}

const NEWEST = 50;
/** This many fit into the 13,000 characters of a message's blocks. */
const MOST_LISTED = 8;

const ownRequests = (front: SlackFront, { actor }: Act<CommandPayload>) =>
  listOwn(front, actor, { limit: NEWEST });

function listed(
  { policy }: Pick<SlackFront, "policy">,
  heading: readonly Json[],
  requests: readonly AccessRequest[],
  actionsOf: (request: AccessRequest) => readonly NoticeAction[],
): Json {
  const more = requests.length - MOST_LISTED;
  return {
    response_type: "ephemeral",
    text: LABELS.yourAccess,
    blocks: [
      ...heading,
      ...requests
        .slice(0, MOST_LISTED)
        .flatMap((request) => requestBlocks(policy, request, actionsOf(request))),
      ...(more > 0 ? [section(moreText(more))] : []),
    ],
  };
}
