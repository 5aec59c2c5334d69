/** Sessions that account access manager opened on your own role, as CloudTrail has them. */
import { paginateLookupEvents } from "@aws-sdk/client-cloudtrail";
import { type Fact, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { redactable } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";

export const signIns: Part = {
  name: "sign-ins",
  does: "looks in CloudTrail for sessions of your own role that account access manager opened",
  async play(stage): Promise<readonly Fact[]> {
    return [await accountAccess(stage)];
  },
};

const SERVICE = "account-access.amazonaws.com";

async function accountAccess(stage: Stage): Promise<Fact> {
  const { policy, ownRole } = stage;
  const later = (why: Parameters<typeof unsettled>[1], numbers?: Record<string, number>) =>
    unsettled("account-access", why, NEXT, numbers);
  if (policy.identity?.accountAccess === undefined)
    return unsettled(
      "account-access",
      redactable`access.yaml has no identity.accountAccess`,
      redactable`nothing relies on it then`,
    );
  if (ownRole === undefined) return later(redactable`no role of your own is configured`);
  const found = await attempts(stage, ownRole);
  const taken = found.filter((isRefused) => !isRefused).length;
  const numbers = { taken, refused: found.length - taken };
  if (found.length === 0)
    return later(redactable`account access manager has not tried your role`, numbers);
  return judged(taken > 0, "account-access", {
    says: redactable`of ${found.length} sessions of your role that account access manager asked for, it got ${taken}`,
    next: redactable`leave identity.accountAccess out: people assume their roles from their permission sets. CloudTrail's AssumeRole has the error`,
    numbers,
  });
}

const NEXT = redactable`timelatch config set role <your personal role>; be entitled to it; aws login; ten minutes later: timelatch doctor --smoke <cluster> --only sign-ins`;

/** Whether each was refused. It looks where the broker is, and where STS has no region. */
async function attempts(stage: Stage, role: string): Promise<readonly boolean[]> {
  const regions = new Set([stage.deployed.region, GLOBAL[stage.deployed.partition]]);
  const found: boolean[] = [];
  for (const region of regions) {
    if (region === undefined) continue;
    const client = await clientsAt(stage, { account: stage.deployed.account, region }).cloudTrail();
    const wanted = {
      LookupAttributes: [{ AttributeKey: "ResourceName" as const, AttributeValue: role }],
    };
    for await (const { Events = [] } of paginateLookupEvents({ client }, wanted))
      for (const { CloudTrailEvent = "{}" } of Events) {
        const { eventName, userIdentity, errorCode } = JSON.parse(CloudTrailEvent) as Recorded;
        if (eventName === "AssumeRole" && userIdentity?.invokedBy === SERVICE)
          found.push(errorCode !== undefined);
      }
  }
  return found;
}

interface Recorded {
  readonly eventName?: string;
  readonly userIdentity?: { readonly invokedBy?: string };
  readonly errorCode?: string;
}

/** The region of a partition in which calls of global services are recorded. */
const GLOBAL: Readonly<Record<string, string>> = {
  aws: "us-east-1",
  "aws-cn": "cn-north-1",
  "aws-us-gov": "us-gov-west-1",
};
