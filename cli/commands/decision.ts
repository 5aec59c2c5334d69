/** A decision on a request: what is checked before somebody is asked, and what is sent. */
import { digestOf } from "../../shared/domain/requests/digest.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Sent } from "../changes/change.ts";
import { Failure } from "../failures/failure.ts";
import type { ConfirmOptions } from "../prompts/confirm.ts";
import { type LesserTermsOptions, lessOf } from "../prompts/lesser-terms.ts";
import type { WhichOptions } from "../prompts/which-request.ts";
import { decidedBefore } from "../text/request-text.ts";
import type { WaitOptions } from "../wait.ts";

export type Verdict = "approve" | "deny";

export interface DecideOptions
  extends ConfirmOptions,
    WhichOptions,
    WaitOptions,
    LesserTermsOptions {
  readonly note?: string;
  /** A delegator, by name. */
  readonly onBehalfOf?: string;
  /** Decides what was asked for at once with it, too. */
  readonly together?: true;
}

/** Nobody answers a question about what the API would refuse. @throws Failure `requester-suspended` */
export function demandNotSuspended({ id, requester, blocks = [] }: RequestAnswer): void {
  const isSuspended = blocks.some(
    (block) => block.code === "suspended" && block.principalArn === null,
  );
  if (!isSuspended) return;
  throw new Failure("conflict", "requester-suspended", {
    what: `${requester} is suspended, so nobody decides on their requests.`,
    notDone: "Nothing was sent.",
    next: ["Next: decide once that is lifted; see the request with", `  timelatch show ${id}`],
  });
}

export function decisionOn(
  shown: RequestAnswer,
  verdict: Verdict,
  options: DecideOptions,
): Sent<Verdict> {
  const { id, digest } = shown;
  const { note, onBehalfOf } = options;
  const less = lessOf(options);
  return {
    change: verdict,
    call: {
      method: "POST",
      path: `/v1/requests/${id}/decision`,
      body: {
        verdict,
        digest,
        ...(note === undefined ? {} : { note }),
        ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
        ...(less ? { less } : {}),
      },
      afterwards: `timelatch show ${id}`,
    },
    subject: id,
    before: shown,
  };
}

/** Nobody is asked about what is decided already, or about other terms than those shown. */
export function checkDecidable(request: RequestAnswer, now: string): void {
  if (request.state !== "pending")
    throw new Failure("conflict", "not-pending", {
      what: `The request is ${request.state}, so there is nothing to decide.`,
      notDone: "Nothing was sent.",
      findings: decidedBefore(request, now),
      next: ["Next: see its history:", `  timelatch show ${request.id}`],
    });
  const { cluster: name, clusterArn: arn } = request;
  if (digestOf({ ...request, cluster: { name, arn } }) !== request.digest)
    throw new Failure("conflict", "digest-mismatch", {
      what: "The request's digest does not match the terms shown here.",
      notDone: "Nothing was sent.",
      next: [
        "Next: update timelatch; if it happens again, tell whoever runs Timelatch before you decide.",
      ],
    });
}
