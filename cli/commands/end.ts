import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { accessBeside } from "../api/person-access.ts";
import type { ChangeName, Sent } from "../changes/change.ts";
import { sendChange, stoppedWaiting } from "../changes/send-change.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { checkWhich, type WhichOptions, whichRequest } from "../prompts/which-request.ts";
import { renderFacts } from "../terminal/facts.ts";
import { untilInterrupted } from "../terminal/interruption.ts";
import { mayHaveLent, remainingText } from "../text/person-access-text.ts";
import { requestFacts } from "../text/request-facts.ts";
import { requestStateText } from "../text/request-text.ts";
import { type WaitOptions, waitingOf, waitUntil } from "../wait.ts";

export interface EndOptions extends ConfirmOptions, WhichOptions, WaitOptions {
  readonly note?: string;
}

const QUESTIONS: Readonly<Record<EndVerb, string>> = {
  cancel: "Cancel this?",
  return: "Return this access now?",
  revoke: "Revoke this access now?",
};

/** The change that each verb sends. */
const END_CHANGES = {
  cancel: "cancelRequest",
  return: "returnGrant",
  revoke: "revokeGrant",
} as const satisfies Readonly<Record<EndVerb, ChangeName>>;

/**
 * `timelatch cancel`, `return` and `revoke`: ends a request or the access it gave, after showing
 * it. Access is removed within seconds; `--wait` waits until a read of EKS has proven it.
 */
export async function end(
  context: Context,
  verb: EndVerb,
  given: string | undefined,
  options: EndOptions,
): Promise<void> {
  checkConfirmable(context, options);
  checkWhich(context, verb, given, options);
  const waiting = waitingOf(context, options, false);
  const api = await context.api();
  const id = await whichRequest(context, api, verb, given, options);
  const path = `/v1/requests/${id}`;
  let shown: RequestAnswer | undefined;
  if (!options.yes) {
    const read = await readable(api, path);
    shown = typeof read === "string" ? undefined : read;
    const facts = shown
      ? renderFacts(requestFacts(shown, context.now()), context.screen.err)
      : `${read} Its end can be asked for all the same.\n`;
    showBeforeAsking(context, options, facts);
    await confirm(context, options, QUESTIONS[verb]);
  }
  const sent = endOf(verb, id, options.note, shown);
  const ended = await sendChange(context, api, sent);
  const last = waiting ? await waitUntil(context, api, ended, "ended", waiting, sent) : ended;
  // The access of before may be gone once the end is proven.
  const remaining = waiting
    ? await untilInterrupted(
        () => accessBeside(api, last),
        async (by, signals) => {
          throw await stoppedWaiting(api, sent, last, by, signals);
        },
      )
    : ended.remaining;
  const document = remaining ? { ...last, remaining } : last;
  tell(context, document, () => {
    const now = context.now();
    // A request that never began leaves everything as it was.
    const rest = mayHaveLent(last) ? `${remainingText(last, remaining, { verb, now })}\n` : "";
    return `${requestStateText(last, now)}\n${rest}`;
  });
}

/** The request, or why it cannot be read: an end waits for no record that others spoiled or took away. */
async function readable(api: Api, path: string): Promise<RequestAnswer | string> {
  try {
    return await api.send<RequestAnswer>({ method: "GET", path });
  } catch (error) {
    if (error instanceof Failure && UNREADABLE.has(error.exit)) return error.text.what;
    throw error;
  }
}

const UNREADABLE: ReadonlySet<Failure["exit"]> = new Set(["notFound", "unavailable"]);

/** The change that ends a request by a verb. @param before it as it was read before */
export function endOf(
  verb: EndVerb,
  id: string,
  note: string | undefined,
  before: RequestAnswer | undefined,
): Sent<(typeof END_CHANGES)[EndVerb]> {
  return {
    change: END_CHANGES[verb],
    call: {
      method: "POST",
      path: `/v1/requests/${id}/${verb}`,
      body: note === undefined ? {} : { note },
      afterwards: `timelatch show ${id}`,
    },
    subject: id,
    ...(before ? { before } : {}),
  };
}
