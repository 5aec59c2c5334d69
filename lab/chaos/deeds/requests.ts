/** Actions of people on requests, through the HTTP API and in Slack. */
import { setTimeout as pause } from "node:timers/promises";
import type { RequestAnswer, RequestList } from "../../../shared/http/contract/answers.ts";
import type { ActionOf } from "../plan/action.ts";
import { askedOf } from "../plan/terms.ts";
import { type Answer, callApi } from "../stage/person.ts";
import { askByForm, denyInSlack } from "../stage/slack-forms.ts";
import { askInSlack, buttonFor, press } from "../stage/slack-person.ts";
import { reasonOf, type Stage } from "../stage/stage.ts";
import { awsFault } from "./faults.ts";

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

/** A message may come a moment after what it is about. */
const IMPATIENT = { tries: 8, pauseMs: 600, last: undefined };
/**
 * The times of a wait for a new message. It looks frequently, and only at the latest messages: that
 * costs the machine less.
 */
const PATIENT = { tries: 200, pauseMs: 175, last: 30 };

/** Presses the button of an action at a message. @returns undefined where no message has it: notify is late, or dead */
async function pressed(
  stage: Stage,
  { kind, person, onSight }: OnRequest,
  { id }: RequestAnswer,
): Promise<string | undefined> {
  const { addresses, slackRefusals } = stage;
  const { tries, pauseMs, last } = onSight ? PATIENT : IMPATIENT;
  for (let left = tries; left > 0; left -= 1) {
    const button = await buttonFor(addresses, person, id, kind, last);
    if (button) await Promise.all((onSight ?? []).map((fault) => awsFault(stage, fault)));
    if (button && kind === "deny")
      return await denyInSlack(addresses, slackRefusals, person, { button, request: id });
    if (button) return await press(addresses, slackRefusals, person, button);
    await pause(pauseMs);
  }
  return undefined;
}

type OnRequest = ActionOf<"approve" | "deny" | "cancel" | "return" | "revoke" | "escalate">;

/** Presses a button, or posts to a path of the life's request. */
async function post(
  stage: Stage,
  action: OnRequest,
  verb: string,
  bodyOf: (request: RequestAnswer) => object = () => ({}),
): Promise<string> {
  const { life, person } = action;
  const request = stage.requests.get(life);
  if (!request) return NO_REQUEST;
  const learned = action.inSlack && (await pressed(stage, action, request));
  if (learned !== undefined) return learned;
  const path = `/v1/requests/${request.id}/${verb}`;
  return noted(stage, life, await callApi(stage.addresses, person, "POST", path, bodyOf(request)));
}

/** The words of `/access`. */
function wordsOf({ terms, namespace, seconds }: ActionOf<"ask">, reason: string): string {
  const { cluster, access } = askedOf(terms, namespace);
  const lent =
    "groups" in access
      ? access.groups
      : [
          access.policy,
          access.scope.type === "cluster" ? "cluster" : access.scope.namespaces.join(","),
        ];
  return [cluster, ...lent, `${seconds}s`, reason].join(" ");
}

/** Looks for a request by its reason: an answer need not have its id, may come too late, or never. */
async function lookFor(stage: Stage, life: number, person: string): Promise<void> {
  const path = "/v1/requests?view=mine&limit=50";
  const listed = await callApi(stage.addresses, person, "GET", path);
  const reason = reasonOf(stage.seed, life);
  const found = (listed.body as RequestList | undefined)?.requests?.find(
    (one) => one.reason === reason,
  );
  if (found)
    noted(
      ...([stage, life] as const),
      await callApi(stage.addresses, person, "GET", `/v1/requests/${found.id}`),
    );
}

/** Asks by the form or the command. */
async function askThere(stage: Stage, action: ActionOf<"ask">): Promise<string> {
  const { life, person, terms, namespace, seconds, byForm } = action;
  const reason = reasonOf(stage.seed, life);
  return byForm
    ? await askByForm(stage.addresses, person, { ...askedOf(terms, namespace), seconds, reason })
    : await askInSlack(stage.addresses, person, wordsOf(action, reason));
}

async function askOnce(stage: Stage, action: ActionOf<"ask">): Promise<string> {
  if (action.inSlack || action.byForm) return await askThere(stage, action);
  const { life, person, terms, namespace, seconds, ticket } = action;
  const { cluster, access } = askedOf(terms, namespace);
  const reason = reasonOf(stage.seed, life);
  const named = ticket === undefined ? {} : { ticket };
  const body = { cluster, access, duration: `${seconds}s`, reason, ...named };
  return noted(stage, life, await callApi(stage.addresses, person, "POST", "/v1/requests", body));
}

export async function ask(stage: Stage, action: ActionOf<"ask">): Promise<string> {
  const learned = await askOnce(stage, action);
  if (!stage.requests.has(action.life)) await lookFor(stage, action.life, action.person);
  return learned;
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
