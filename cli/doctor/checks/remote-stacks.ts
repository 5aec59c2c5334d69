import { atRemotePlaces, type RemotePlace } from "../at-remote-places.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { fusesStackName, spokeStackName } from "../expected-names.ts";
import { makeIt } from "../remedies.ts";
import type { AccountSight } from "../sights.ts";

/** Everywhere with fuses, their stack cannot be deleted by accident: that takes them with it. */
export const remoteStacks: Check = {
  name: "remote-stacks",
  needs: ["cloudformation:DescribeStacks"],
  look: async (patient) => [await ownFuses(patient), ...(await atRemotePlaces(patient, judged))],
};

async function ownFuses({ deployment, account, region, broker }: Patient): Promise<CheckResult> {
  const subject = `${account}/${region}`;
  const name = fusesStackName(deployment);
  const stack = await broker.stack(name, region);
  return stack
    ? protectionOf(name, region, stack.isProtected, subject)
    : ill(`${name} is not deployed, which has the fuses there`, makeIt(), subject);
}

const protectionOf = (name: string, region: string, isProtected: boolean, subject: string) =>
  isProtected
    ? well(`${name} is protected from deletion`, subject)
    : ill(
        `${name} is not protected from deletion, which would take the fuses of live grants with it`,
        `aws cloudformation update-termination-protection --enable-termination-protection --stack-name ${name} --region ${region}`,
        subject,
      );

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
    if (stack) return protectionOf(each, region, stack.isProtected, subject);
  }
  return well(
    "no stack of its own: that of a stack set has no protection, so drain first",
    subject,
  );
}
