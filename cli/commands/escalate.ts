import { visible } from "../../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
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
import { glassRuleText } from "../prompts/glass-rule.ts";
import { checkWhich, type WhichOptions, whichRequest } from "../prompts/which-request.ts";
import { renderFacts } from "../terminal/facts.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { requestFacts } from "../text/request-facts.ts";
import { effectiveText, requestStateText } from "../text/request-text.ts";
import { type WaitOptions, waitingOf, waitUntil } from "../wait.ts";

export interface EscalateOptions extends ConfirmOptions, WhichOptions, WaitOptions {
  readonly rule?: string;
}

/** `timelatch escalate`: a pending request becomes break-glass, with its id and its history. */
export async function escalate(
  context: Context,
  given: string | undefined,
  options: EscalateOptions,
): Promise<void> {
  checkConfirmable(context, options);
  checkWhich(context, "escalate", given, options);
  const waiting = waitingOf(context, options, true);
  const api = await context.api();
  if (!options.yes) demandNotStopped(await stoppedIfKnown(api));
  const id = await whichRequest(context, api, "escalate", given, options);
  const path = `/v1/requests/${id}`;
  if (!options.yes) await agree(context, api, path, options);
  const { rule } = options;
  const sent: Sent<"escalateRequest"> = {
    change: "escalateRequest",
    call: {
      method: "POST",
      path: `${path}/escalate`,
      body: rule === undefined ? {} : { rule },
      afterwards: `timelatch show ${id}`,
    },
    subject: id,
  };
  const glass = await sendChange(context, api, sent);
  const made = madeText(glass);
  if (!waiting) {
    tell(context, glass, () => `${made}${requestStateText(glass, context.now())}\n`);
    return;
  }
  remark(context, wrapLines(made, context.screen.err.columns));
  const last = await waitUntil(context, api, glass, "effective", waiting, sent);
  tell(context, last, () =>
    last.state === "active"
      ? effectiveText(last, context.now(), "requester")
      : `${requestStateText(last, context.now())}\n`,
  );
}

/** Shows the request, and by which rule it would become break-glass, and asks. @throws Failure */
async function agree(
  context: Context,
  api: Api,
  path: string,
  options: EscalateOptions,
): Promise<void> {
  const shown = await api.send<RequestAnswer>({ method: "GET", path });
  // An emergency does not wait for a list: where it cannot be read, the API still picks the rule.
  const lent = await api
    .send<AccessAnswer>({ method: "GET", path: "/v1/access" })
    .catch(() => undefined);
  const by = lent ? glassRuleText(lent, shown, options.rule) : "";
  const { err } = context.screen;
  const facts = renderFacts(requestFacts(shown, context.now()), err);
  showBeforeAsking(context, options, `${facts}${wrapLines(`${LOUD}${by}`, err.columns)}`);
  await confirm(context, options, "Make this a break-glass now?");
}

const LOUD =
  "\nBreak-glass begins without an approver. Everyone whose approval is skipped can see it, and somebody else reviews it afterwards.\n";

/** `BREAK GLASS by payments-break-glass for 30m, in place of payments-edit.` */
const madeText = ({ rule, duration, escalatedFrom }: RequestAnswer): string =>
  `BREAK GLASS by ${visible(rule)} for ${visible(duration)}, in place of ${visible(escalatedFrom?.rule ?? "its rule")}.\n`;
