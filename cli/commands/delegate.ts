import { visible } from "../../shared/domain/values/visible-text.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { idempotencyKey } from "../prompts/idempotency-key.ts";
import { momentOption } from "../prompts/moment-option.ts";
import { renderFacts } from "../terminal/facts.ts";
import { delegationFacts, madeText } from "../text/delegation-text.ts";

export interface DelegateOptions extends ConfirmOptions {
  readonly to: string;
  readonly from?: string;
  readonly until: string;
  readonly idempotencyKey?: string;
}

/** `timelatch delegate`: lets somebody else approve for oneself, after showing what that means. */
export async function delegate(context: Context, options: DelegateOptions): Promise<void> {
  const key = idempotencyKey("delegate", options.idempotencyKey);
  checkConfirmable(context, options);
  const { to } = options;
  const from = options.from === undefined ? null : momentOf("--from", options.from);
  const until = momentOf("--until", options.until);
  const api = await context.api();
  const { person: by } = await api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" });
  const facts = delegationFacts({ by, to, from, until }, context.now());
  showBeforeAsking(context, options, renderFacts(facts, context.screen.err));
  await confirm(context, options, `Let ${visible(to)} approve for you?`);
  const made = await sendChange(context, api, {
    change: "createDelegation",
    call: {
      method: "POST",
      path: "/v1/delegations",
      body: { to, until, ...(from === null ? {} : { from }) },
      idempotencyKey: key,
      afterwards: "timelatch delegations",
    },
    subject: to,
  });
  tell(context, made, () => madeText(made, context.now()));
}

const momentOf = (option: string, text: string): string =>
  momentOption(
    option,
    text,
    (what) =>
      new Failure("usage", "usage", {
        what,
        notDone: "Nothing was sent.",
        next: ["Next: see timelatch delegate --help."],
      }),
  );
