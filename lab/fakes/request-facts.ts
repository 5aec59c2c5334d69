import {
  isAboutDelegation,
  type Notice,
  type RequestNotice,
} from "../../shared/domain/notices/notice.ts";

/** What a notice shows of its request. @throws where it is about none */
export function requestFacts(notice: Notice | undefined): RequestNotice["facts"] {
  if (!notice || notice.kind === "finding" || notice.kind === "stop" || isAboutDelegation(notice))
    throw new Error("This is no notice of a request.");
  return notice.facts;
}
