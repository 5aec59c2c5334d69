/** Slack's own word on a sender, before anything is done: whose member they are, and whether a full one. */

import { personOf, type SlackSender } from "../sender.ts";
import { SlackBusy, SlackRefusal } from "../slack-errors.ts";
import type { Membership } from "../slack-people.ts";
import { factsOf, type Given, nameOf } from "./given.ts";
import type { SlackFront } from "./slack-front.ts";
import { stakeOf } from "./stakes.ts";

/** Slack asks for these as somebody types, or they say that a window is closed: nobody gains anything. */
const IDLE: ReadonlySet<string> = new Set(["view_closed", "block_suggestion"]);

/**
 * The sender's membership. Where Slack does not say, what could lend access is `unanswered`. A form may
 * open all the same, and access may be ended: neither gives anybody anything.
 */
export async function membershipFor(given: Given): Promise<Membership | "unanswered"> {
  const { front, payload, log } = given;
  if (IDLE.has(payload.type)) return "member";
  try {
    return await front.people.membershipOf(payload.sender.user);
  } catch (error) {
    if (!(error instanceof SlackBusy || error instanceof SlackRefusal)) throw error;
    const isRefused = stakeOf(payload) === "lends";
    const why = error instanceof SlackRefusal ? error.code : nameOf(error);
    log("error", "membership unknown", { ...factsOf(given), why, isRefused });
    return isRefused ? "unanswered" : "member";
  }
}

/**
 * The sender, with their organisation among their homes where Slack confirms it. A click in one workspace of an
 * Enterprise Grid organisation by a user of another one does not show that both belong to it. Slack is asked
 * only about people whom access.yaml would name then.
 * https://docs.slack.dev/reference/objects/user-object, `enterprise_user`
 *
 * @throws SlackBusy, SlackRefusal where Slack does not say
 */
export async function confirmedSender(
  { policy, people }: Pick<SlackFront, "policy" | "people">,
  sender: SlackSender,
): Promise<SlackSender> {
  const { user, homes, organisation } = sender;
  if (organisation === undefined || "member" in personOf(policy, sender)) return sender;
  const complete = { user, homes: [...homes, organisation] };
  if ("nobody" in personOf(policy, complete)) return sender;
  return (await people.organisationOf(user)) === organisation ? complete : sender;
}
