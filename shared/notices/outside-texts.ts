import type { NoticeFacts } from "../domain/notices/notice.ts";
import { utcText } from "./utc-text.ts";

/** On what the policy leans, where the rule is for whoever is on call; empty for any other. */
export const onCallText = ({ onCall: fact, requester }: NoticeFacts): string =>
  fact === undefined
    ? ""
    : `${requester} was on call in ${fact.onCall} then, until ${utcText(fact.until)}${fact.byOverride ? ", by an override" : ""}.`;

/** The ticket that it is for; empty where its rule asks no tracker. `timelatch show` has its title and status. */
export const ticketText = ({ ticket, requestId, state }: NoticeFacts): string => {
  if (ticket === undefined) return "";
  return state === "pending"
    ? `It is for ${ticket}, whose tracker is asked. See what it says: timelatch show ${requestId}`
    : `It is for ${ticket}.`;
};

/** Where no person has to approve, the policy does once a tracker has said what its ticket is. */
export const waitingText = ({ ticket }: NoticeFacts): string =>
  ticket === undefined
    ? "It waits for approval."
    : `It waits until its tracker has said what ${ticket} is.`;
