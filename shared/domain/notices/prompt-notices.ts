/** Messages that ask approvers again, each in the thread of the message about the request. */

import { plusSeconds } from "../values/instant.ts";
import {
  channelOf,
  delegateReaders,
  directApprovers,
  isWantedFrom,
  type Situation,
} from "./audiences.ts";
import type { Audience, NoticeFacts, RequestNotice } from "./notice.ts";
import { noticeFacts } from "./notice-facts.ts";
import { noticeKey } from "./notice-key.ts";
import { plainNotice } from "./plain-notice.ts";
import { askedBy, duePrompts, type Prompt } from "./prompts.ts";

/**
 * The prompts that should exist now. A prompt that another has overtaken is left as it was sent. So
 * are all once the request is decided: the message above them says so.
 */
export const promptNotices = (situation: Situation): readonly RequestNotice[] =>
  duePrompts(situation.policy, situation.request, situation.now).flatMap((prompt) => {
    const facts = factsAt(situation, prompt.at);
    const asked = askedBy(prompt.kind, facts);
    if (asked.length === 0) return [];
    const channel = channelOf(situation).map((audience) =>
      promptNotice(prompt, audience, facts, asked),
    );
    const all =
      prompt.kind === "escalation"
        ? channel
        : [...channel, ...remindedDirectly(situation, facts, prompt)];
    // Nobody is called for a decision that the API refuses.
    return situation.suspension ? all.map((notice) => ({ ...notice, send: false })) : all;
  });

/** As of the prompt, so that it stays as it is when more people are asked. */
const factsAt = ({ policy, request }: Situation, at: string): NoticeFacts =>
  noticeFacts(policy, request, at);

/** Those who had a message of their own before, for themselves or for others, and can still approve. */
function remindedDirectly(
  situation: Situation,
  facts: NoticeFacts,
  prompt: Prompt,
): readonly RequestNotice[] {
  const before = { ...situation, now: plusSeconds(prompt.at, -1) };
  const wanted = factsAt(before, before.now);
  const approvers = directApprovers(before).filter((audience) =>
    isWantedFrom(before, audience, wanted),
  );
  return [...approvers, ...delegateReaders(before)].map((audience) =>
    promptNotice(prompt, audience, facts, []),
  );
}

const promptNotice = (
  { kind, number }: Prompt,
  audience: Audience,
  facts: NoticeFacts,
  mentions: readonly string[],
): RequestNotice => ({
  ...plainNotice(kind, audience, facts, number),
  thread: noticeKey(audience.kind === "channel" ? "request" : "decision-wanted", audience),
  mentions,
});
