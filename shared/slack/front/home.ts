/** App Home: what I can do now, my grants and requests, what waits for me, and what was. */

import type { Delegation } from "../../domain/delegations/delegation.ts";
import {
  DECISIONS,
  decidableActions,
  offeredActions,
} from "../../domain/notices/offered-actions.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { type AccessPolicy, hasRole, type Member } from "../../domain/policy/policy.ts";
import { endsOf } from "../../domain/requests/chain-ends.ts";
import { closableReview } from "../../domain/requests/closable-review.ts";
import { ACCESS_MAY_EXIST } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { requesterStop } from "../../domain/stops/requester-stop.ts";
import { requesterSuspendedText } from "../../notices/stop-texts.ts";
import type { Page } from "../../ports/request-store.ts";
import { type OwnAccess, readOwnAccess } from "../../usecases/access/own-access.ts";
import { lent } from "../../usecases/requests/end-own.ts";
import { listOwn, listToApprove, listToReview } from "../../usecases/requests/read-requests.ts";
import { button, header, type Json, type Lines, section } from "../blocks.ts";
import { confirmation } from "../button.ts";
import { endAllConfirm } from "../texts/end-all-texts.ts";
import { LABELS, moreText } from "../texts/form-texts.ts";
import { HOME, HOME_CUT } from "../texts/home-texts.ts";
import { delegationBlocks, stopBlocks } from "./home-others.ts";
import { ownActions, requestBlocks } from "./own-access.ts";
import { ownAccessBlocks } from "./own-access-blocks.ts";
import type { Reply, SlackFront } from "./slack-front.ts";

/** The button that opens the form. */
export const ASK_ACTION = "ask";
/** The button that ends all of one's own grants. */
export const END_ALL_ACTION = "end_all";

const NEWEST = 50;
/**
 * The most of each that fit: Slack takes 100 blocks. A request has three, or two once it is over.
 * The access now takes eight at most, delegations five, suspensions two.
 * https://docs.slack.dev/reference/views/home-tab-views
 */
const MOST = { mine: 10, waiting: 6, reviews: 6, recent: 4 } as const;

/** The lists of App Home. */
export interface HomeLists {
  readonly reader: Member;
  readonly access: OwnAccess;
  readonly own: Page<AccessRequest>;
  readonly waiting: Page<AccessRequest>;
  readonly reviews: Page<AccessRequest>;
  /** Delegations to and from the reader. */
  readonly delegations: Page<Delegation>;
}

/** Shows the actor's App Home as it is now. @param news what a click has just done */
export async function publishHome(
  front: SlackFront,
  actor: Actor,
  user: string,
  news?: Lines,
): Promise<Reply> {
  const [{ own, access }, waiting, reviews, delegations] = await Promise.all([
    readOwn(front, actor),
    listToApprove(front, actor, { limit: NEWEST }),
    listToReview(front, actor, { limit: NEWEST }),
    ownDelegations(front, actor),
  ]);
  const lists = { reader: actor.member, access, own, waiting, reviews, delegations };
  const blocks = homeBlocks(front.policy, lists, news);
  await front.web.call("views.publish", { user_id: user, view: { type: "home", blocks } });
  return undefined;
}

async function readOwn(front: SlackFront, actor: Actor) {
  const own = await listOwn(front, actor, { limit: NEWEST });
  return { own, access: await readOwnAccess(front, actor, own.items) };
}

/** Those of the reader, also for an admin. Nothing is read where the policy allows no delegation. */
async function ownDelegations(
  { policy, delegations, clock }: SlackFront,
  { member: { name } }: Actor,
): Promise<Page<Delegation>> {
  if (!policy.delegations) return { items: [] };
  const isOwn = ({ by, to }: Delegation) => by === name || to === name;
  return delegations.listed(clock.now(), { limit: NEWEST }, isOwn);
}

/** The blocks of App Home, fewer than 100. */
export function homeBlocks(
  policy: AccessPolicy,
  { reader, access, own, waiting, reviews, delegations }: HomeLists,
  news?: Lines,
): readonly Json[] {
  const isOpen = ({ state }: AccessRequest) => state === "pending" || ACCESS_MAY_EXIST.has(state);
  const mine = { ...own, items: own.items.filter(isOpen) };
  const recent = own.items.filter((one) => !isOpen(one)).slice(0, MOST.recent);
  const drawn = (request: AccessRequest) =>
    requestBlocks(policy, request, ownActions(policy, request));
  return [
    ...(news === undefined ? [] : [section(news)]),
    { type: "actions", elements: homeButtons(own.items) },
    ...ownAccessBlocks(policy, access),
    ...part(HOME.mine, mine, MOST.mine, drawn),
    ...part(HOME.waiting, waiting, MOST.waiting, (request) =>
      waitingBlocks(policy, request, access),
    ),
    // Most people never review anything, so nothing stands there without one.
    ...(reviews.items.length === 0
      ? []
      : part(HOME.reviews, reviews, MOST.reviews, (request) =>
          requestBlocks(
            policy,
            request,
            closableReview(request) ? ["review", "details"] : ["details"],
          ),
        )),
    ...delegationBlocks(delegations, reader, access.at),
    ...(hasRole(policy, reader, "admins") ? stopBlocks(access.stopped) : []),
    ...part(HOME.recent, { ...own, items: recent }, MOST.recent, drawn),
  ];
}

/** A request that waits for the reader. A decision on one of a suspended person would be refused. */
function waitingBlocks(
  policy: AccessPolicy,
  request: AccessRequest,
  { stopped }: OwnAccess,
): readonly Json[] {
  const stop = requesterStop(policy, stopped, request);
  const actions = decidableActions(offeredActions(policy, request, DECISIONS), stop);
  const notes = stop
    ? [requesterSuspendedText({ requester: request.requester, suspended: stop })]
    : [];
  return requestBlocks(policy, request, actions, notes);
}

/** To ask, and to end all where there is more than one end. */
function homeButtons(own: readonly AccessRequest[]): readonly Json[] {
  const ask = button(LABELS.askTitle, ASK_ACTION, "form", "primary");
  const ends = endsOf(lent(own), true);
  if (ends.length < 2) return [ask];
  const confirm = confirmation(endAllConfirm(ends.map(({ request }) => request)));
  return [ask, { ...button(LABELS.endAll, END_ALL_ACTION, "all", "danger"), confirm }];
}

type Title = readonly [title: string, none: string, command: string];

/** One list under its title, and how many more there are. */
function part(
  [title, none, command]: Title,
  { items, next }: Page<AccessRequest>,
  most: number,
  draw: (request: AccessRequest) => readonly Json[],
): readonly Json[] {
  const more = items.length - most;
  return [
    header(title),
    ...(items.length === 0 ? [section(next === undefined ? none : HOME_CUT(command))] : []),
    ...items.slice(0, most).flatMap(draw),
    ...(more > 0 ? [section(moreText(more, command, next !== undefined))] : []),
  ];
}
