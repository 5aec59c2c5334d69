import type { Audience, NoticeFacts, RequestNotice, RequestNoticeKind } from "./notice.ts";
import { noticeKey } from "./notice-key.ts";

/**
 * A message without buttons that is sent at once.
 *
 * @param number of a message that comes again, from 1
 */
export const plainNotice = (
  kind: RequestNoticeKind,
  audience: Audience,
  facts: NoticeFacts,
  number?: number,
): RequestNotice => ({
  subject: facts.requestId,
  key: noticeKey(kind, audience, number),
  kind,
  audience,
  facts,
  actions: [],
  send: true,
  precedence: "next",
  notBefore: null,
});
