/** Whether a suspension or a drain refuses everything that the caller would ask for. */
import type { StoppedAnswer } from "../../shared/http/contract/stopped-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { Failure } from "../failures/failure.ts";
import { LIFT_DRAIN } from "../text/stopped-text.ts";
import type { Api } from "./api-client.ts";

/** An older API says nothing of it. @throws Failure */
async function stoppedOf(api: Api): Promise<StoppedAnswer | undefined> {
  const who = await api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" });
  return who.stopped;
}

/** The same beside another answer, which is worth showing without it. */
export const stoppedIfKnown = (api: Api): Promise<StoppedAnswer | undefined> =>
  stoppedOf(api).catch(() => undefined);

/** Nobody answers questions about what the API would refuse. @throws Failure `suspended`, `drained` */
export function demandNotStopped(stopped: StoppedAnswer | undefined): void {
  if (!stopped) return;
  throw new Failure(stopped.code === "drained" ? "conflict" : "refused", stopped.code, {
    happened: stopped.detail,
    undone: "Nothing was sent.",
    next: [stopped.mayLift ? LIFT_DRAIN : "Next: see it again with timelatch whoami."],
  });
}
