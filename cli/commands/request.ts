import { randomUUID } from "node:crypto";
import type { AccessAnswer, RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { type Context, remark, tell } from "../context.ts";
import { askForYes } from "../prompts/confirm.ts";
import type { Prompt } from "../prompts/prompt.ts";
import { askTerms } from "../prompts/request-dialogue.ts";
import {
  bodyOf,
  commandLine,
  type RequestBody,
  type RequestTerms,
  saysNothing,
  wrongTerms,
} from "../prompts/request-terms.ts";
import { visible, wrapLines } from "../terminal/visible-text.ts";
import { previewText, refusalOf } from "../text/preview-text.ts";
import { standingText, termsText } from "../text/request-text.ts";
import { effectiveText, waitUntilEffective } from "../wait.ts";
import { askPreview } from "./preview.ts";

export interface RequestOptions extends RequestTerms {
  readonly preview?: true;
  readonly idempotencyKey?: string;
  readonly wait?: true;
}

/**
 * `timelatch request`: asks for access, and waits for it where that is wanted. Alone at a terminal
 * it asks for its terms.
 */
export async function request(context: Context, options: RequestOptions): Promise<void> {
  const { preview, wait, idempotencyKey = randomUUID(), ...terms } = options;
  const attended = context.screen.interactive && !context.json;
  if (preview && !attended)
    throw wrongTerms(
      "--preview asks before it sends, which takes a terminal without --json; timelatch preview shows the decision alone.",
    );
  if (!/^[\x21-\x7e]{1,128}$/.test(idempotencyKey))
    throw wrongTerms("--idempotency-key takes 1 to 128 visible ASCII characters, without spaces.");
  const asking = attended && saysNothing(terms);
  const said = asking ? undefined : bodyOf(terms);
  const api = await context.api();
  const body = said && !preview ? said : await agree(context, api, terms, said);
  await send(context, api, body, idempotencyKey, wait === true);
}

/** The terms, asked for where nobody said them, once somebody said yes to what they come to. */
async function agree(
  context: Context,
  api: Api,
  terms: RequestTerms,
  said: RequestBody | undefined,
): Promise<RequestBody> {
  const prompt = context.prompt();
  try {
    const asked = said ? terms : await ask(context, api, prompt);
    const body = said ?? bodyOf(asked);
    if (!said)
      remark(
        context,
        `\nThe same as a command:\n${commandLine(asked, context.screen.err.columns)}\n`,
      );
    await showDecision(context, api, prompt, body);
    remark(context, "\n");
    await askForYes(prompt, "Send this request?");
    return body;
  } finally {
    prompt.close();
  }
}

async function ask(context: Context, api: Api, prompt: Prompt): Promise<RequestTerms> {
  const lent = await prompt.during(api.send<AccessAnswer>({ method: "GET", path: "/v1/access" }));
  return askTerms(prompt, context.screen.err, lent);
}

/** @throws Failure `refused` where the request would be */
async function showDecision(
  context: Context,
  api: Api,
  prompt: Prompt,
  body: RequestBody,
): Promise<void> {
  const decision = await prompt.during(askPreview(api, body));
  if (!decision.allowed) throw refusalOf(decision);
  remark(context, `\n${previewText(decision, context.screen.err)}`);
}

async function send(
  context: Context,
  api: Api,
  body: RequestBody,
  idempotencyKey: string,
  wait: boolean,
): Promise<void> {
  const made = await api.send<RequestAnswer>({
    method: "POST",
    path: "/v1/requests",
    body,
    idempotencyKey,
  });
  const told = `Requested ${termsText(made)}:\n  ${visible(made.id)}\n`;
  if (!wait) {
    tell(context, made, () => `${told}${standingText(made, context.now())}\n`);
    return;
  }
  remark(context, wrapLines(told, context.screen.err.columns));
  const effective = await waitUntilEffective(context, api, made);
  tell(context, effective, () => effectiveText(effective, context.now()));
}
