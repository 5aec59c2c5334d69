import { atRemotePlaces, type RemotePlace } from "../at-remote-places.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { forwardSetName, forwardStackName } from "../expected-names.ts";
import { makeIt } from "../remedies.ts";
import type { AccountSight } from "../sights.ts";

/**
 * In each account and region without the broker, a stack forwards CloudTrail's events. It is deployed last, so a deployment
 * that failed may lack it while all else works.
 */
export const forwarding: Check = {
  name: "forwarding",
  needs: ["cloudformation:DescribeStacks", "cloudformation:ListStacks"],
  look: (patient) => atRemotePlaces(patient, judged),
};

const WELL = /^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/;

async function judged(
  { deployment }: Patient,
  sight: AccountSight,
  place: RemotePlace,
): Promise<CheckResult> {
  const { account, region } = place;
  const subject = `${account}/${region}`;
  const name = forwardStackName(deployment, place);
  const stack = await sight.stack(name, region);
  if (stack && WELL.test(stack.status)) return well(`${name} is deployed`, subject);
  const set = forwardSetName(deployment);
  // One stack set may serve all accounts and regions.
  if (!stack && (await sight.stackContents(set, region)))
    return well(`a stack of the set ${set} is deployed`, subject);
  return ill(
    `${name} is ${stack ? `in ${stack.status}` : "not deployed"}: what others change there is not seen`,
    makeIt(),
    subject,
  );
}
