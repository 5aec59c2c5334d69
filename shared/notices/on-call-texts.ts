import type { NoticeFacts } from "../domain/notices/notice.ts";
import { utcText } from "./utc-text.ts";

/** On what the policy leans, where the rule is for whoever is on call; empty for any other. */
export const onCallText = ({ onCall: fact, requester }: NoticeFacts): string =>
  fact === undefined
    ? ""
    : `${requester} was on call in ${fact.onCall} then, until ${utcText(fact.until)}${fact.byOverride ? ", by an override" : ""}.`;
