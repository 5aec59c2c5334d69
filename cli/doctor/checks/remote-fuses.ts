import { lostFusesName } from "../../../shared/domain/values/arn.ts";
import { atRemotePlaces, type RemotePlace } from "../at-remote-places.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { makeIt, undoIt } from "../remedies.ts";
import type { AccountSight } from "../sights.ts";

/** In each account and region without the broker, the fuses' schedule group and the queue that keeps lost ones are there. */
export const remoteFuses: Check = {
  name: "remote-fuses",
  needs: ["scheduler:GetScheduleGroup", "sqs:GetQueueUrl", "sqs:GetQueueAttributes"],
  look: (patient) => atRemotePlaces(patient, fusesAt),
};

/** Whether a place has all that a fuse needs there. */
export async function fusesAt(
  { deployment }: Pick<Patient, "deployment">,
  sight: AccountSight,
  { account, region }: RemotePlace,
): Promise<CheckResult> {
  const queue = lostFusesName(deployment);
  const state = await sight.scheduleGroup(deployment, region);
  const held = await sight.queue(queue, region);
  const group = `the schedule group ${deployment}`;
  const faults = [
    ...(state === "ACTIVE" ? [] : [`${group} ${state ? `is ${state}` : "does not exist"}`]),
    ...(held ? [] : [`the queue ${queue} does not exist`]),
    ...(held && !held.demandsTls ? [`the queue ${queue} takes calls without TLS`] : []),
  ];
  const subject = `${account}/${region}`;
  if (faults.length === 0) return well(`${group} and the queue ${queue} are there`, subject);
  const why = state === "ACTIVE" ? "" : ": no grant can begin there";
  const next = state === "ACTIVE" && held ? undoIt() : makeIt();
  return ill(`${faults.join("; ")}${why}`, next, subject);
}
