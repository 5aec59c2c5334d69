/** The answer to somebody who has returned a grant: with what something else still gives there. */
import type { Actor } from "../../domain/policy/actor.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { remainingOn } from "../../usecases/access/own-access.ts";
import type { Lines } from "../blocks.ts";
import { TEXTS } from "../texts/answer-texts.ts";
import { remainingLines } from "../texts/own-access-texts.ts";
import type { SlackFront } from "./slack-front.ts";

/** @param ended the grant, as its end was stored */
export async function returnedLines(
  front: SlackFront,
  actor: Actor,
  ended: AccessRequest,
): Promise<Lines> {
  const remaining = (await remainingOn(front, actor, ended)) ?? [];
  return [TEXTS.returned, ...remainingLines(remaining, ended.cluster.name)];
}
