import { digestOf } from "../../shared/domain/requests/digest.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { demandMayDecide } from "../api/stopped.ts";
import type { Sent } from "../changes/change.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { type LesserTermsOptions, lessOf, lessText } from "../prompts/lesser-terms.ts";
import { checkWhich, type WhichOptions, whichRequest } from "../prompts/which-request.ts";
import { renderFacts } from "../terminal/facts.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { blocksText } from "../text/blocks-text.ts";
import { requestFacts } from "../text/request-facts.ts";
import {
  decidedBefore,
  decidedText,
  effectiveText,
  startsLater,
  termsText,
} from "../text/request-text.ts";
import { type WaitOptions, waitingOf, waitUntil } from "../wait.ts";

export type Verdict = "approve" | "deny";

export interface DecideOptions
  extends ConfirmOptions,
    WhichOptions,
    WaitOptions,
    LesserTermsOptions {
  readonly note?: string;
  /** A delegator, by name. */
  readonly onBehalfOf?: string;
}

/**
 * `timelatch approve` and `timelatch deny`: shows what is decided on, and sends the digest of just
 * that. So a request that changed in between is not decided. Approved for less, it shows both terms.
 */
export async function decide(
  context: Context,
  verdict: Verdict,
  given: string | undefined,
  options: DecideOptions,
): Promise<void> {
  checkConfirmable(context, options);
  checkWhich(context, verdict, given, options);
  const less = lessOf(options);
  const waiting = waitingOf(context, options, verdict === "approve");
  const api = await context.api();
  if (!options.yes) await demandMayDecide(api, options.onBehalfOf);
  const id = await whichRequest(context, api, verdict, given, options);
  const path = `/v1/requests/${id}`;
  const shown = await api.send<RequestAnswer>({ method: "GET", path });
  showBeforeAsking(context, options, subjectText(context, shown, options));
  showBeforeAsking(context, options, blocksText(shown, context.now(), context.screen.err));
  checkDecidable(shown, context.now());
  if (!options.yes) demandNotSuspended(shown);
  if (less && !options.yes) showBeforeAsking(context, options, lessText(shown, less));
  await confirm(context, options, less ? "Approve this for less?" : QUESTIONS[verdict]);
  const sent = decisionOn(shown, verdict, options);
  const decided = await sendChange(context, api, sent).catch(async (error: unknown) => {
    throw await withDecider(context, api, path, error);
  });
  // An approver who did not ask to wait does not wait for other approvers, or for a later start.
  const soon = decided.state === "approved" && !startsLater(decided, context.now());
  if (!waiting || (waiting.byDefault && !soon)) {
    tell(context, decided, () => `${decidedText(verdict, decided, context.now())}\n`);
    return;
  }
  const effective = await waitUntil(context, api, decided, "effective", waiting, sent);
  tell(context, effective, () => effectiveText(effective, context.now(), "approver"));
}

/** All facts for somebody who is asked. A script that confirms many beforehand gets a line for each. */
function subjectText(
  { screen, now }: Context,
  shown: RequestAnswer,
  { yes }: ConfirmOptions,
): string {
  if (!yes) return renderFacts(requestFacts(shown, now()), screen.err);
  const line = `${shown.id}: ${visible(shown.requester)}, ${termsText(shown)}: ${visible(shown.reason)}\n`;
  return wrapLines(line, screen.err.columns);
}

/** Nobody answers a question about what the API would refuse. @throws Failure `requester-suspended` */
function demandNotSuspended({ id, requester, blocks = [] }: RequestAnswer): void {
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

function decisionOn(shown: RequestAnswer, verdict: Verdict, options: DecideOptions): Sent<Verdict> {
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

const QUESTIONS: Readonly<Record<Verdict, string>> = {
  approve: "Approve this?",
  deny: "Deny this?",
};

/** Another approver may have been faster: the refusal then says who, and when. */
async function withDecider(
  context: Context,
  api: Api,
  path: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof Failure) || error.code !== "illegal-transition") return error;
  const now = await api.send<RequestAnswer>({ method: "GET", path }).catch(() => undefined);
  const findings = now ? decidedBefore(now, context.now()) : [];
  return new Failure(error.exit, error.code, { ...error.text, findings }, { cause: error });
}

/** Nobody is asked about what is decided already, or about other terms than those shown. */
function checkDecidable(request: RequestAnswer, now: string): void {
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
