import {
  isAboutDelegation,
  type Notice,
  type RequestNotice,
} from "../../shared/domain/notices/notice.ts";

/** The facts of its request that a notice shows. @throws for a notice without a request */
export function requestFacts(notice: Notice | undefined): RequestNotice["facts"] {
  if (!notice || notice.kind === "finding" || notice.kind === "stop" || isAboutDelegation(notice))
    throw new Error("This is no notice of a request.");
  return notice.facts;
}
