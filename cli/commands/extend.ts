import { randomUUID } from "node:crypto";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { demandNotStopped, stoppedIfKnown } from "../api/stopped.ts";
import type { Sent } from "../changes/change.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, remark, tell } from "../context.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { checkWhich, type WhichOptions, whichRequest } from "../prompts/which-request.ts";
import { renderFacts } from "../terminal/facts.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { requestFacts } from "../text/request-facts.ts";
import { effectiveText, standingText } from "../text/request-text.ts";
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
  checkConfirmable(context, options);
  checkWhich(context, "extend", given, options);
  const waiting = waitingOf(context, options, true);
  const api = await context.api();
  if (!options.yes) demandNotStopped(await stoppedIfKnown(api));
  const id = await whichRequest(context, api, "extend", given, options);
  const path = `/v1/requests/${id}`;
  if (!options.yes) {
    const shown = await api.send<RequestAnswer>({ method: "GET", path });
    const facts = renderFacts(requestFacts(shown, context.now()), context.screen.err);
    showBeforeAsking(context, options, facts);
    await confirm(context, options, "Extend this access?");
  }
  const { duration, reason, idempotencyKey = randomUUID() } = options;
  const body = {
    ...(duration === undefined ? {} : { duration }),
    ...(reason === undefined ? {} : { reason }),
  };
  const sent: Sent<"extendGrant"> = {
    change: "extendGrant",
    call: { method: "POST", path: `${path}/extend`, body, idempotencyKey },
    subject: id,
  };
  const made = await sendChange(context, api, sent);
  const asked = askedText(made);
  if (!waiting) {
    tell(context, made, () => `${asked}${standingText(made, context.now())}\n`);
    return;
  }
  const forward = made.state === "pending" ? `${standingText(made, context.now())}\n` : "";
  remark(context, wrapLines(`${asked}${forward}`, context.screen.err.columns));
  const last = await waitUntil(context, api, made, "effective", waiting, sent);
  tell(context, last, () =>
    last.state === "active"
      ? effectiveText(last, context.now(), "requester")
      : `${standingText(last, context.now())}\n`,
  );
}

/** `Requested 1h more, removed by 2026-11-24 12:00:00 UTC at the latest:` and the id. */
const askedText = ({ duration, until, id }: RequestAnswer): string =>
  `Requested ${visible(duration)} more${until === undefined ? "" : `, removed by ${fullTime(until)} at the latest`}:\n  ${visible(id)}\n`;
