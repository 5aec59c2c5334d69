/** Actions of administrators and approvers beside requests, through the HTTP API. */
import { setTimeout as pause } from "node:timers/promises";
import type { ActionOf } from "../plan/action.ts";
import { callApi } from "../stage/person.ts";
import type { Stage } from "../stage/stage.ts";

export async function delegate(
  stage: Stage,
  { person, to, seconds }: ActionOf<"delegate">,
): Promise<string> {
  const until = new Date(Date.now() + seconds * 1_000).toISOString();
  const answer = await callApi(stage.addresses, person, "POST", "/v1/delegations", { to, until });
  const { id } = (answer.body ?? {}) as { readonly id?: string };
  if (answer.status === 201 && id !== undefined) stage.delegations.push({ id, at: Date.now() });
  return answer.text;
}

/** Seconds until converge looks. A stop that is lifted earlier ends nothing. */
const FOLLOWED_SECONDS = 20;

/** An administrator may not lift their own suspension, so another one does. */
const LIFTED_BY: Readonly<Record<string, string>> = { carol: "heidi", heidi: "carol" };

export async function suspend(
  stage: Stage,
  { by, whom, seconds }: ActionOf<"suspend">,
): Promise<string> {
  const path = `/v1/people/${whom}/suspend`;
  const began = await callApi(stage.addresses, by, "POST", path, { reason: "INC-4711 chaos" });
  if (began.status === 200 && seconds >= FOLLOWED_SECONDS)
    stage.suspensions.push({ person: whom, at: Date.now() });
  await pause(seconds * 1_000);
  const lifter = LIFTED_BY[by] ?? by;
  const lifted = await callApi(stage.addresses, lifter, "DELETE", path);
  return `${began.text}; lifted: ${lifted.text}`;
}
