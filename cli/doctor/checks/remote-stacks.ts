import { atRemotePlaces, type RemotePlace } from "../at-remote-places.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { spokeStackName } from "../expected-names.ts";
import type { AccountSight } from "../sights.ts";

/** In each account and region without the broker, the stack cannot be deleted by accident: that takes its fuses with it. */
export const remoteStacks: Check = {
  name: "remote-stacks",
  needs: ["cloudformation:DescribeStacks"],
  look: (patient) => atRemotePlaces(patient, judged),
};

async function judged(
  { deployment, account: hub }: Patient,
  sight: AccountSight,
  place: RemotePlace,
): Promise<CheckResult> {
  const { account, region } = place;
  const subject = `${account}/${region}`;
  const name = spokeStackName(deployment, place, hub);
  // One region of another account has the account's own stack, and each other one a stack with its name.
  for (const each of account === hub ? [name] : [name, `${name}-${region}`]) {
    const stack = await sight.stack(each, region);
    if (stack?.isProtected === true) return well(`${each} is protected from deletion`, subject);
    if (stack?.isProtected === false)
      return ill(
        `${each} is not protected from deletion, which would take the fuses of live grants with it`,
        `aws cloudformation update-termination-protection --enable-termination-protection --stack-name ${each} --region ${region}`,
        subject,
      );
  }
  return well(
    "no stack of its own: that of a stack set has no protection, so drain first",
    subject,
  );
}
