import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import type { Api } from "../api/api-client.ts";
import { accessBeside } from "../api/person-access.ts";
import { demandMayDecide } from "../api/stopped.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { askApproval, type Decision } from "../prompts/approval-card.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { lessOf, lessText } from "../prompts/lesser-terms.ts";
import { checkWhich, whichRequest } from "../prompts/which-request.ts";
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
import { waitingOf, waitUntil } from "../wait.ts";
import { checkAsAsked, decideTogether } from "./decide-together.ts";
import {
  checkDecidable,
  type DecideOptions,
  decisionOn,
  demandNotSuspended,
  type Verdict,
} from "./decision.ts";

/**
 * `timelatch approve` and `timelatch deny`: shows what is decided on, and sends the digest of just
 * that. So a request that changed in between is not decided. Approved for less, it shows both terms.
 */
export async function decide(
  context: Context,
  wanted: Verdict,
  given: string | undefined,
  options: DecideOptions,
): Promise<void> {
  checkConfirmable(context, options);
  checkWhich(context, wanted, given, options);
  const less = lessOf(options);
  const waiting = waitingOf(context, options, wanted === "approve");
  if (options.together) checkAsAsked(less, waiting);
  const api = await context.api();
  if (!options.yes) await demandMayDecide(api, options.onBehalfOf);
  const id = await whichRequest(context, api, wanted, given, options);
  if (options.together) return decideTogether(context, api, wanted, id, options);
  const path = `/v1/requests/${id}`;
  const shown = await api.send<RequestAnswer>({ method: "GET", path });
  const held = options.yes ? undefined : await accessBeside(api, shown);
  showBeforeAsking(context, options, subjectText(context, shown, options, held));
  showBeforeAsking(context, options, blocksText(shown, context.now(), context.screen.err));
  checkDecidable(shown, context.now());
  if (!options.yes) demandNotSuspended(shown);
  const { verdict, options: chosen } = await asked(context, api, shown, {
    verdict: wanted,
    options,
  });
  const sent = decisionOn(shown, verdict, chosen);
  const decided = await sendChange(context, api, sent).catch(async (error: unknown) => {
    throw await withDecider(context, api, path, error);
  });
  // An approver who did not ask to wait does not wait for other approvers, or for a later start.
  const soon = decided.state === "approved" && !startsLater(decided, context.now());
  if (verdict === "deny" || !waiting || (waiting.byDefault && !soon)) {
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
  held: PersonAccessAnswer | undefined,
): string {
  if (!yes) return renderFacts(requestFacts(shown, now(), held), screen.err);
  const line = `${shown.id}: ${visible(shown.requester)}, ${termsText(shown)}: ${visible(shown.reason)}\n`;
  return wrapLines(line, screen.err.columns);
}

/** Asks, unless `--yes` has confirmed it. An approver of all that was asked for may choose otherwise. */
async function asked(
  context: Context,
  api: Api,
  shown: RequestAnswer,
  decision: Decision,
): Promise<Decision> {
  const { verdict, options } = decision;
  const less = lessOf(options);
  if (verdict === "approve" && !less && !options.yes)
    return askApproval(context, api, shown, options);
  if (less && !options.yes) showBeforeAsking(context, options, lessText(shown, less));
  await confirm(context, options, less ? "Approve this for less?" : "Deny this?");
  return decision;
}

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
