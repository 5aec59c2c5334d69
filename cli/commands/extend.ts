import { visible } from "../../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { demandNotStopped } from "../api/stopped.ts";
import type { Sent } from "../changes/change.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, remark, tell } from "../context.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { idempotencyKey } from "../prompts/idempotency-key.ts";
import { longerOf } from "../prompts/longer-terms.ts";
import { checkWhich, type WhichOptions, whichRequest } from "../prompts/which-request.ts";
import { renderFacts } from "../terminal/facts.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { longerFacts } from "../text/extension-text.ts";
import { requestFacts } from "../text/request-facts.ts";
import { effectiveText, requestStateText } from "../text/request-text.ts";
import { fullTime } from "../text/time-text.ts";
import { type WaitOptions, waitingOf, waitUntil } from "../wait.ts";

export interface ExtendOptions extends ConfirmOptions, WhichOptions, WaitOptions {
  readonly duration?: string;
  readonly reason?: string;
  readonly idempotencyKey?: string;
}

/**
 * `timelatch extend`: asks for active access to last longer, by a second grant that continues it. The
 * access stays as it is meanwhile. Where the rule asks nobody, it is extended at once.
 */
export async function extend(
  context: Context,
  given: string | undefined,
  options: ExtendOptions,
): Promise<void> {
  const key = idempotencyKey("extend", options.idempotencyKey);
  checkConfirmable(context, options);
  checkWhich(context, "extend", given, options);
  const waiting = waitingOf(context, options, true);
  const api = await context.api();
  const lent = options.yes
    ? undefined
    : await api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
  demandNotStopped(lent?.stopped);
  const id = await whichRequest(context, api, "extend", given, options);
  const path = `/v1/requests/${id}`;
  if (lent) await agree(context, options, await api.send({ method: "GET", path }), lent);
  const { duration, reason } = options;
  const body = {
    ...(duration === undefined ? {} : { duration }),
    ...(reason === undefined ? {} : { reason }),
  };
  const sent: Sent<"extendGrant"> = {
    change: "extendGrant",
    call: { method: "POST", path: `${path}/extend`, body, idempotencyKey: key },
    subject: id,
  };
  const made = await sendChange(context, api, sent);
  const asked = askedText(made);
  if (!waiting) {
    tell(context, made, () => `${asked}${requestStateText(made, context.now())}\n`);
    return;
  }
  const forward = made.state === "pending" ? `${requestStateText(made, context.now())}\n` : "";
  remark(context, wrapLines(`${asked}${forward}`, context.screen.err.columns));
  const last = await waitUntil(context, api, made, "effective", waiting, sent);
  tell(context, last, () =>
    last.state === "active"
      ? effectiveText(last, context.now(), "requester")
      : `${requestStateText(last, context.now())}\n`,
  );
}

/** Shows the access, and how much longer it would last, and asks. @throws Failure `interrupted` */
async function agree(
  context: Context,
  options: ExtendOptions,
  shown: RequestAnswer,
  { rules }: AccessAnswer,
): Promise<void> {
  const rule = rules.find(({ rule: name }) => name === shown.rule);
  const longer = longerOf(shown, rule, options.duration);
  const { err } = context.screen;
  const now = context.now();
  showBeforeAsking(context, options, renderFacts(requestFacts(shown, now), err));
  showBeforeAsking(context, options, `\n${renderFacts(longerFacts(shown, longer, now), err)}`);
  const by = `${longer.isMost ? "up to " : ""}${visible(longer.duration)}`;
  await confirm(context, options, `Extend this access by ${by}?`);
}

/** `Requested 1h more, to be gone by 2026-11-24 12:00:00 UTC:` and the id. */
const askedText = ({ duration, until, id }: RequestAnswer): string =>
  `Requested ${visible(duration)} more${until === undefined ? "" : `, to be gone by ${fullTime(until)}`}:\n  ${visible(id)}\n`;
