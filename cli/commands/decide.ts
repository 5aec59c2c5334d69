import { digestOf } from "../../shared/domain/requests/digest.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { type Context, remark, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { confirm } from "../prompts/confirm.ts";
import { renderFacts } from "../terminal/facts.ts";
import { requestFacts, standingText } from "../text/request-text.ts";
import { effectiveText, waitUntilEffective } from "../wait.ts";

export type Verdict = "approve" | "deny";

export interface DecideOptions {
  readonly note?: string;
  readonly yes?: true;
  readonly wait?: true;
}

/**
 * `timelatch approve` and `timelatch deny`: shows what is decided on, and sends the digest of just
 * that, so that a request which changed in between is not decided.
 */
export async function decide(
  context: Context,
  verdict: Verdict,
  id: string,
  { note, yes, wait }: DecideOptions,
): Promise<void> {
  const api = await context.api();
  const path = `/v1/requests/${id}`;
  const shown = await api.send<RequestAnswer>({ method: "GET", path });
  remark(context, renderFacts(requestFacts(shown, context.now()), context.screen.err));
  checkDecidable(shown);
  if (!yes) await confirm(context, verdict === "approve" ? "Approve this?" : "Deny this?");
  const decided = await api.send<RequestAnswer>({
    method: "POST",
    path: `${path}/decision`,
    body: { verdict, digest: shown.digest, ...(note === undefined ? {} : { note }) },
    afterwards: `timelatch show ${id}`,
  });
  if (!wait) {
    const done = verdict === "approve" ? "Your approval is recorded." : "Your denial is recorded.";
    tell(context, decided, () => `${done} ${standingText(decided, context.now())}\n`);
    return;
  }
  const effective = await waitUntilEffective(context, api, decided);
  tell(context, effective, () => effectiveText(effective, context.now()));
}

/** Nobody is asked about what is decided already, or about other terms than those shown. */
function checkDecidable(request: RequestAnswer): void {
  if (request.state !== "pending")
    throw new Failure("conflict", "not-pending", {
      happened: `The request is ${request.state}, so there is nothing to decide.`,
      undone: "Nothing was sent.",
      next: ["Next: see its history:", `  timelatch show ${request.id}`],
    });
  const { cluster: name, clusterArn: arn } = request;
  if (digestOf({ ...request, cluster: { name, arn } }) !== request.digest)
    throw new Failure("conflict", "digest-mismatch", {
      happened: "The request's digest is not that of the terms shown here.",
      undone: "Nothing was sent.",
      next: ["Next: update timelatch; if it stays so, tell who runs Timelatch before you decide."],
    });
}
