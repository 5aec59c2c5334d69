import { visible } from "../../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { readPersonAccess } from "../api/person-access.ts";
import { demandNotStopped } from "../api/stopped.ts";
import type { Sent } from "../changes/change.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, remark, tell } from "../context.ts";
import { noSuchCluster } from "../kubernetes/lent-cluster.ts";
import { completeTerms } from "../prompts/complete-terms.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { idempotencyKey } from "../prompts/idempotency-key.ts";
import { withMeantTerms } from "../prompts/meant-terms.ts";
import { askTerms } from "../prompts/request-dialogue.ts";
import {
  bodyOf,
  commandLine,
  isEmpty,
  type RequestBody,
  type RequestTerms,
} from "../prompts/request-terms.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { waitingLines } from "../text/blocks-text.ts";
import { previewText, refusalOf } from "../text/preview-text.ts";
import { effectiveText, requestStateText, termsText } from "../text/request-text.ts";
import { type Waiting, type WaitOptions, waitingOf, waitUntil } from "../wait.ts";
import { askPreview } from "./preview.ts";

export interface RequestOptions extends RequestTerms, ConfirmOptions, WaitOptions {
  readonly verbose?: true;
  readonly idempotencyKey?: string;
}

/**
 * `timelatch request`: shows what the request would lead to, sends it once it is confirmed, and
 * waits for access. At a terminal, without options or with only the cluster, it prompts for each
 * value.
 *
 * @param lentText the words once access is there: how to use it, by default
 * @returns the request, as it was when the command ended
 */
export async function request(
  context: Context,
  options: RequestOptions,
  lentText: LentText = usedText,
): Promise<RequestAnswer> {
  const { yes, verbose, wait, timeout, idempotencyKey: given, ...terms } = options;
  const { cluster, ...others } = terms;
  const prompting = isEmpty(others) && context.screen.interactive && !context.json;
  // Options that cannot make a request are refused before any question and any call.
  if (!prompting && terms.rule === undefined) bodyOf(terms);
  const key = idempotencyKey("request", given);
  checkConfirmable(context, options);
  const waiting = waitingOf(context, options, true);
  const api = await context.api();
  const body = prompting
    ? bodyOf(await promptForTerms(context, api, cluster))
    : bodyOf(await completeTerms(api, terms));
  try {
    if (!yes) await agree(context, api, body, options);
    return await send(context, api, { body, key, waiting, lentText });
  } catch (error) {
    throw await withMeantTerms(api, body, error);
  }
}

/** @param cluster where it is named already */
async function promptForTerms(
  context: Context,
  api: Api,
  cluster: string | undefined,
): Promise<RequestTerms> {
  const prompt = context.prompt();
  try {
    const lent = await prompt.during(api.send<AccessAnswer>({ method: "GET", path: "/v1/access" }));
    demandNotStopped(lent.stopped);
    const on = cluster === undefined ? lent : lentOn(lent, cluster);
    await showWaiting(context, api, lent.person, cluster);
    const terms = await askTerms(prompt, context.screen.err, on);
    const command = commandLine(terms, context.screen.err.columns);
    remark(context, `\nThe same as a command:\n${command}\n\n`);
    return terms;
  } finally {
    prompt.close();
  }
}

/** The same terms can be pending once only, so nobody should answer questions to learn that. */
async function showWaiting(
  context: Context,
  api: Api,
  person: string,
  cluster: string | undefined,
): Promise<void> {
  const known = await readPersonAccess(api, person, cluster).catch(() => undefined);
  const lines = known ? waitingLines(known, context.now()) : [];
  if (lines.length === 0) return;
  const text = wrapLines(lines.join("\n"), context.screen.err.columns);
  remark(context, `You have asked already:\n${text}\n\n`);
}

/** Shows what the request would lead to, and asks. @throws Failure `refused`, `interrupted` */
async function agree(
  context: Context,
  api: Api,
  body: RequestBody,
  options: RequestOptions,
): Promise<void> {
  const decision = await askPreview(api, body);
  if (!decision.allowed) throw refusalOf(decision, false);
  const shown = previewText(decision, context.screen.err, options.verbose === true);
  showBeforeAsking(context, options, shown);
  await confirm(context, options, "Send this request?");
}

type LentText = (request: RequestAnswer, now: string) => string;

const usedText: LentText = (request, now) => effectiveText(request, now, "requester");

interface Sending {
  readonly body: RequestBody;
  readonly key: string;
  readonly waiting: Waiting | undefined;
  readonly lentText: LentText;
}

async function send(
  context: Context,
  api: Api,
  { body, key, waiting, lentText }: Sending,
): Promise<RequestAnswer> {
  const sent: Sent<"createRequest"> = {
    change: "createRequest",
    call: { method: "POST", path: "/v1/requests", body, idempotencyKey: key },
    subject: "",
  };
  const made = await sendChange(context, api, sent);
  const requested = `Requested ${termsText(made)}:\n  ${visible(made.id)}\n`;
  if (!waiting) {
    tell(context, made, () => `${requested}${requestStateText(made, context.now())}\n`);
    return made;
  }
  const forward = made.state === "pending" ? `${requestStateText(made, context.now())}\n` : "";
  remark(context, wrapLines(`${requested}${forward}`, context.screen.err.columns));
  const last = await waitUntil(context, api, made, "effective", waiting, sent);
  tell(context, last, () =>
    last.state === "active"
      ? lentText(last, context.now())
      : `${requestStateText(last, context.now())}\n`,
  );
  return last;
}

/**
 * The access that may be asked for on one cluster.
 *
 * @throws Failure `usage` where that is nothing
 */
function lentOn(lent: AccessAnswer, cluster: string): AccessAnswer {
  const rules = lent.rules
    .filter(({ clusters }) => clusters.includes(cluster))
    .map((rule) => ({ ...rule, clusters: [cluster] }));
  if (rules.length > 0) return { ...lent, rules };
  throw noSuchCluster(cluster, [...new Set(lent.rules.flatMap(({ clusters }) => clusters))]);
}
