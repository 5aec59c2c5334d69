/** Whether a suspension or a drain refuses everything that the caller would ask for. */
import type { StoppedAnswer } from "../../shared/http/contract/stopped-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { Failure } from "../failures/failure.ts";
import { LIFT_DRAIN } from "../text/stopped-text.ts";
import type { Api } from "./api-client.ts";

/** The caller, if the API says who it is. A failed read does not stop the command. */
const whoIfKnown = (api: Api): Promise<WhoAmIAnswer | undefined> =>
  api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" }).catch(() => undefined);

/** An older API says nothing of it. */
export const stoppedIfKnown = async (api: Api): Promise<StoppedAnswer | undefined> =>
  (await whoIfKnown(api))?.stopped;

/**
 * Nobody answers questions about a decision that the API would refuse.
 *
 * @param onBehalfOf a delegator by name; undefined where callers decide for themselves
 * @throws Failure `suspended`, `drained`, `delegator-suspended`
 */
export async function demandMayDecide(api: Api, onBehalfOf: string | undefined): Promise<void> {
  const who = await whoIfKnown(api);
  demandNotStopped(who?.stopped);
  const theirs = who?.suspendedDelegators?.find(({ person }) => person === onBehalfOf);
  if (!theirs) return;
  throw new Failure("conflict", "delegator-suspended", {
    what: theirs.detail,
    notDone: "Nothing was sent.",
    next: ["Next: have somebody else decide, or decide once that is lifted."],
  });
}

/** Nobody answers questions about what the API would refuse. @throws Failure `suspended`, `drained` */
export function demandNotStopped(stopped: StoppedAnswer | undefined): void {
  if (!stopped) return;
  throw new Failure(stopped.code === "drained" ? "conflict" : "refused", stopped.code, {
    what: stopped.detail,
    notDone: "Nothing was sent.",
    next: [stopped.mayLift ? LIFT_DRAIN : "Next: see it again with timelatch whoami."],
  });
}
