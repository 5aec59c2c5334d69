import { visible } from "../../shared/domain/values/visible-text.ts";
import { openDelegations } from "../api/delegations.ts";
import { sendChange } from "../changes/send-change.ts";
import { answer, type Context, tell } from "../context.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { delegationBeginning } from "../prompts/delegation-id.ts";
import { renderFacts } from "../terminal/facts.ts";
import { renderTable } from "../terminal/table.ts";
import { delegationColumns, delegationFacts, endedText } from "../text/delegation-text.ts";

/** `timelatch delegations`: those that are not over, as far as one may see them. */
export async function listDelegations(context: Context): Promise<void> {
  const delegations = await openDelegations(await context.api());
  answer(context, { delegations }, () =>
    delegations.length === 0
      ? "Nobody delegates to you, and you delegate to nobody.\n"
      : renderTable(delegations, delegationColumns(context.now(), delegations), context.screen.out),
  );
}

/** `timelatch delegations end`: shows a delegation, asks, and ends it at once. */
export async function endDelegation(
  context: Context,
  prefix: string,
  options: ConfirmOptions,
): Promise<void> {
  checkConfirmable(context, options);
  const api = await context.api();
  const found = await delegationBeginning(api, prefix);
  const facts = delegationFacts(found, context.now());
  showBeforeAsking(context, options, renderFacts(facts, context.screen.err));
  await confirm(context, options, "End this delegation?");
  const ended = await sendChange(context, api, {
    change: "endDelegation",
    call: {
      method: "DELETE",
      path: `/v1/delegations/${encodeURIComponent(found.id)}`,
      afterwards: "timelatch delegations",
    },
    subject: found.id,
    before: found,
    again: `timelatch delegate --to ${visible(found.to)} --until ${found.until}`,
  });
  const others = await openDelegations(api).catch(() => undefined);
  tell(context, ended, () => endedText(ended, others, context.now()));
}
