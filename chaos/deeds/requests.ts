/** What people do with requests, through the HTTP API. */
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { ActionOf } from "../plan/action.ts";
import { termsOf } from "../plan/terms.ts";
import { type Answer, callApi } from "../stage/person.ts";
import { reasonOf, type Stage } from "../stage/stage.ts";

const NO_REQUEST = "not done: its request was never answered";

/** Keeps what an answer says of the request, and what it promises. */
function noted(stage: Stage, life: number, answer: Answer): string {
  const request = answer.body as RequestAnswer | undefined;
  if (answer.status !== undefined && answer.status < 300 && request?.id !== undefined) {
    stage.requests.set(life, request);
    const { id, expiresAt } = request;
    if (expiresAt) stage.promises.push({ id, expiresAt });
  }
  return answer.text;
}

/** Posts to a path of the life's request. */
async function post(
  stage: Stage,
  { life, person }: { readonly life: number; readonly person: string },
  verb: string,
  bodyOf: (request: RequestAnswer) => object = () => ({}),
): Promise<string> {
  const request = stage.requests.get(life);
  if (!request) return NO_REQUEST;
  const path = `/v1/requests/${request.id}/${verb}`;
  return noted(stage, life, await callApi(stage.addresses, person, "POST", path, bodyOf(request)));
}

export async function ask(
  stage: Stage,
  { life, person, terms, seconds }: ActionOf<"ask">,
): Promise<string> {
  const { cluster, access } = termsOf(terms);
  const reason = reasonOf(stage.seed, life);
  const body = { cluster, access, duration: `${seconds}s`, reason };
  return noted(stage, life, await callApi(stage.addresses, person, "POST", "/v1/requests", body));
}

export async function extend(
  stage: Stage,
  { life, of, person, seconds }: ActionOf<"extend">,
): Promise<string> {
  const extended = stage.requests.get(of);
  if (!extended) return NO_REQUEST;
  const body = { duration: `${seconds}s`, reason: reasonOf(stage.seed, life) };
  const path = `/v1/requests/${extended.id}/extend`;
  return noted(stage, life, await callApi(stage.addresses, person, "POST", path, body));
}

const decide =
  (verdict: "approve" | "deny") =>
  (stage: Stage, action: ActionOf<"approve"> | ActionOf<"deny">): Promise<string> =>
    post(stage, action, "decision", ({ digest }) => ({ verdict, digest }));

export const approve = decide("approve");
export const deny = decide("deny");

const end =
  (verb: "cancel" | "return" | "revoke" | "escalate") =>
  (
    stage: Stage,
    action: ActionOf<"cancel"> | ActionOf<"return"> | ActionOf<"revoke"> | ActionOf<"escalate">,
  ): Promise<string> =>
    post(stage, action, verb);

export const cancel = end("cancel");
export const giveBack = end("return");
export const revoke = end("revoke");
export const escalate = end("escalate");
