/** App Home: my access with its time left, what waits for me, and what was. */
import { DECISIONS, offeredActions } from "../../domain/notices/offered-actions.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { ACCESS_MAY_EXIST } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { listOwn, listToApprove, listToReview } from "../../usecases/requests/read-requests.ts";
import { button, type Json, plain, section } from "../blocks.ts";
import { HOME, LABELS } from "../texts/form-texts.ts";
import { ownActions, requestBlocks } from "./own-access.ts";
import type { Reply, SlackFront } from "./slack-front.ts";

/** The button that opens the form. */
export const ASK_ACTION = "ask";

const NEWEST = 50;
const MOST_SHOWN = 10;
const MOST_RECENT = 5;

/** Shows the actor's App Home as it is now. */
export async function publishHome(front: SlackFront, actor: Actor, user: string): Promise<Reply> {
  const [own, waiting, reviews] = await Promise.all([
    listOwn(front, actor, { limit: NEWEST }),
    listToApprove(front, actor, { limit: MOST_SHOWN }),
    listToReview(front, actor, { limit: MOST_SHOWN }),
  ]);
  const isOpen = ({ state }: AccessRequest) => state === "pending" || ACCESS_MAY_EXIST.has(state);
  const view: Json = {
    type: "home",
    blocks: [
      { type: "actions", elements: [button(LABELS.askTitle, ASK_ACTION, "form", "primary")] },
      ...part(front, HOME.mine, own.items.filter(isOpen).slice(0, MOST_SHOWN)),
      ...decidable(front, waiting.items),
      ...toReview(reviews.items),
      ...part(front, HOME.recent, own.items.filter((one) => !isOpen(one)).slice(0, MOST_RECENT)),
    ],
  };
  await front.web.call("views.publish", { user_id: user, view });
  return undefined;
}

const header = (text: string): Json => ({ type: "header", text: plain(text) });

const part = (
  { policy }: SlackFront,
  [title, none]: readonly [string, string],
  requests: readonly AccessRequest[],
): readonly Json[] => [
  header(title),
  ...(requests.length === 0 ? [section(none)] : []),
  ...requests.flatMap((request) => requestBlocks(request, ownActions(policy, request))),
];

/** Most people never review anything, so nothing stands there without one. */
const toReview = (requests: readonly AccessRequest[]): readonly Json[] =>
  requests.length === 0
    ? []
    : [
        header(HOME.reviews),
        ...requests.flatMap((request) => requestBlocks(request, ["review", "details"])),
      ];

const decidable = ({ policy }: SlackFront, requests: readonly AccessRequest[]): readonly Json[] => [
  header(HOME.waiting[0]),
  ...(requests.length === 0 ? [section(HOME.waiting[1])] : []),
  ...requests.flatMap((request) => {
    return requestBlocks(request, offeredActions(policy, request, DECISIONS));
  }),
];
