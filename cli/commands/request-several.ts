/** `timelatch request` with several clusters: one ask, of which all is stored or nothing. */

import { mostPowerfulFirst } from "../../shared/domain/policy/asked-together.ts";
import { describeAccessOn } from "../../shared/domain/requests/access-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type {
  PreviewAllowed,
  PreviewAnswer,
  PreviewRefused,
} from "../../shared/http/contract/answers.ts";
import type { AskedAnswer } from "../../shared/http/contract/asked-answer.ts";
import type { Api } from "../api/api-client.ts";
import { sendChange } from "../changes/send-change.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { completeTerms } from "../prompts/complete-terms.ts";
import {
  type ConfirmOptions,
  checkConfirmable,
  confirm,
  showBeforeAsking,
} from "../prompts/confirm.ts";
import { idempotencyKey } from "../prompts/idempotency-key.ts";
import { bodyOf, type RequestBody, type RequestTerms } from "../prompts/request-terms.ts";
import { checkNoWait } from "../prompts/several-terms.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { partText } from "../text/preview-text.ts";
import { forwardedLine, requestStateText, termsText } from "../text/request-text.ts";
import type { WaitOptions } from "../wait.ts";
import { askPreview } from "./preview.ts";

/** Shows all that would be asked for, the most powerful first, asks once, and sends it. */
export async function requestSeveral(
  context: Context,
  several: readonly RequestTerms[],
  options: ConfirmOptions & WaitOptions & { readonly idempotencyKey?: string },
): Promise<void> {
  checkNoWait(options);
  const key = idempotencyKey("request", options.idempotencyKey);
  checkConfirmable(context, options);
  for (const terms of several) if (terms.rule === undefined) bodyOf(terms);
  const api = await context.api();
  const bodies: RequestBody[] = [];
  for (const terms of several) bodies.push(bodyOf(await completeTerms(api, terms)));
  if (!options.yes) await agree(context, api, bodies, options);
  const asked = await sendChange(context, api, {
    change: "createAsk",
    call: { method: "POST", path: "/v1/asks", body: { requests: bodies }, idempotencyKey: key },
    subject: "",
  });
  tell(context, asked, () => askedText(asked, context));
}

function askedText({ requests }: AskedAnswer, { now, screen }: Context): string {
  const lines = requests.map((made) => {
    const [state = ""] = requestStateText(made, now()).split("\n");
    return `  ${visible(made.id)}\n  ${termsText(made)}. ${state}\n`;
  });
  const [waiting] = requests.filter(({ state }) => state === "pending");
  const forward = waiting
    ? `Forward this to their approvers:\n${forwardedLine(waiting)}\n`
    : "Follow them:\n  timelatch watch\n";
  const head = `Requested ${requests.length} things at once, each a request of its own from now on:\n`;
  return wrapLines(`${head}${lines.join("")}${forward}`, screen.out.columns);
}

async function agree(
  context: Context,
  api: Api,
  bodies: readonly RequestBody[],
  options: ConfirmOptions,
): Promise<void> {
  const previews: PreviewAnswer[] = [];
  for (const body of bodies) previews.push(await askPreview(api, body));
  const refused = previews.flatMap((preview, at) => refusalOf(preview, bodies[at], at));
  if (refused.length > 0) throw asksRefused(refused, bodies.length);
  const allowed = previews.filter((preview): preview is PreviewAllowed => preview.allowed);
  const { err } = context.screen;
  const shown = mostPowerfulFirst(allowed).map((preview) => partText(preview, err));
  showBeforeAsking(context, options, `${shown.join("\n")}\n`);
  await confirm(context, options, `Send these ${bodies.length} requests?`);
}

/** A line for each part that would be refused. */
function refusalOf(
  preview: PreviewAnswer,
  body: RequestBody | undefined,
  at: number,
): readonly string[] {
  const why = preview.allowed
    ? preview.breakGlass
      ? `${preview.rule} is for break-glass, which is asked for by itself.`
      : undefined
    : detailOf(preview);
  const what = body ? `, ${describeAccessOn(body.access, body.cluster)}` : "";
  return why === undefined ? [] : [visible(`Part ${at + 1}${what}: ${why}`)];
}

/** The closest rule's objections say more than that no rule allows it. */
function detailOf({ detail, refusals, errors }: PreviewRefused): string {
  const [closest] = refusals;
  const objections = closest?.objections.map((each) => each.detail) ?? [];
  return [
    ...errors.map((each) => each.detail),
    ...(objections.length > 0 ? objections : [detail]),
  ].join(" ");
}

const asksRefused = (refused: readonly string[], of: number) =>
  new Failure("refused", "ask-refused", {
    what: `The API would refuse ${refused.length} of ${of} parts, and so the whole ask.`,
    notDone: "Nothing was sent.",
    findings: refused,
    next: ["Next: correct these parts or leave them out, and ask again."],
  });
