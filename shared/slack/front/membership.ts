/** Whether Slack itself counts a sender among the workspace's full members, before anything is done. */

import { SlackBusy, SlackRefusal } from "../slack-errors.ts";
import type { Membership } from "../slack-people.ts";
import { factsOf, type Given, nameOf } from "./given.ts";
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
