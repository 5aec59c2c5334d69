import { deciderText } from "./decider-text.ts";
import type { AccessRequest, EarlierTerms } from "./request.ts";

/** One approval for less: who gave it and for whom, and the terms before and after. */
export interface ApprovedLess {
  readonly by: string;
  readonly before: EarlierTerms;
  readonly after: EarlierTerms;
  /** The approver's note for the requester, if they wrote one. */
  readonly note?: string;
}

/** The approvals that made a request's terms less, the oldest first. */
export function approvedLess({
  earlierTerms = [],
  approvals,
  access,
  durationSeconds,
  digest,
}: Pick<
  AccessRequest,
  "earlierTerms" | "approvals" | "access" | "durationSeconds" | "digest"
>): readonly ApprovedLess[] {
  return earlierTerms.map((before, at) => {
    const after = earlierTerms[at + 1] ?? { access, durationSeconds, digest };
    const approval = approvals.find(({ digest: approved }) => approved === after.digest);
    const note = approval?.note === undefined ? {} : { note: approval.note };
    return { by: approval ? deciderText(approval) : "Somebody", before, after, ...note };
  });
}
