/** Sessions that hand a source identity on, and a policy that compares a principal's ARN as text. */
import { withHandingOn } from "../../../../shared/domain/people/hand-on.ts";
import { assumeRole } from "../../../../shared/domain/people/trust-policy.ts";
import type { SmokeClients } from "../../aws/smoke-clients.ts";
import { type Fact, judged, unsettled } from "../fact.ts";
import { trustsOnly, unlessDenied } from "../own-session.ts";
import type { Part } from "../part.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { SmokeCluster, Stage } from "../stage.ts";
import { PREFIX, ROLE_PATH, type Thing } from "../thing.ts";

export const sessions: Part = {
  name: "sessions",
  does: "takes one scratch role from another with a source identity, as people take theirs, and makes an access entry under a policy that compares the principal as text",
  makes:
    "a role that only you can take, a role that only that one can take, and an access entry that lends nothing",
  async play(stage): Promise<readonly Fact[]> {
    const [first, second] = [arnOf(stage, "first"), arnOf(stage, "second")];
    await makeRoles(stage, first, second);
    const session = await withIdentity(stage, first);
    if (!session) return [notTaken(stage, "source-identity"), notTaken(stage, "principal-text")];
    return [await handedOn(stage, session, second), await asText(stage, session, second)];
  },
};

const nameOf = ({ run }: Stage, which: string): string => `${PREFIX}-${run}-${which}`;

const arnOf = (stage: Stage, which: string): string => {
  const { partition, account } = stage.deployed;
  return `arn:${partition}:iam::${account}:role${ROLE_PATH}${nameOf(stage, which)}`;
};

/** The second role trusts the first as a personal role trusts those who sign in: the account, under a pin. */
async function makeRoles(stage: Stage, first: string, second: string): Promise<void> {
  const { account, partition } = stage.deployed;
  const clients = clientsAt(stage, stage.deployed);
  const [iam, sts] = [await clients.iam(), await clients.sts()];
  const { UserId = "" } = await sts.getCallerIdentity({});
  const root = { AWS: [`arn:${partition}:iam::${account}:root`] };
  const pinned = assumeRole("First", root, { ArnEquals: { "aws:PrincipalArn": first } });
  const trust = { Version: "2012-10-17", Statement: withHandingOn([pinned]) };
  for (const [which, document] of [
    ["first", trustsOnly(partition, account, UserId, true)],
    ["second", JSON.stringify(trust)],
  ] as const) {
    const thing: Thing = { kind: "role", account, name: nameOf(stage, which) };
    await stage.journal.make(thing, () =>
      iam.createRole({
        RoleName: thing.name,
        Path: ROLE_PATH,
        AssumeRolePolicyDocument: document,
      }),
    );
  }
  const PolicyDocument = JSON.stringify(rightsOf(partition, second));
  await iam.putRolePolicy({
    RoleName: nameOf(stage, "first"),
    PolicyName: "smoke",
    PolicyDocument,
  });
}

/** To take the second role, and to make an access entry for it. */
const rightsOf = (partition: string, second: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
      Resource: second,
    },
    {
      Effect: "Allow",
      Action: "eks:CreateAccessEntry",
      Resource: `arn:${partition}:eks:*:*:cluster/*`,
      // As a very large grantor policy compares principals: infra/permissions/compact-principals.ts.
      Condition: {
        StringLike: { "eks:principalArn": `*${second.slice(second.lastIndexOf("/"))}` },
      },
    },
  ],
});

/** A session whose source identity is set. Yours may have one, which nobody can change. */
async function withIdentity(stage: Stage, RoleArn: string): Promise<SmokeClients | undefined> {
  const sts = await clientsAt(stage, stage.deployed).sts();
  const asked = { RoleArn, RoleSessionName: PREFIX, DurationSeconds: 900 };
  const answer = await stage.until(
    redactable`STS to know the new role`,
    stage.pace.roleSeconds,
    async () => {
      const set = await unlessDenied(() => sts.assumeRole({ ...asked, SourceIdentity: PREFIX }));
      const own = set ?? (await unlessDenied(() => sts.assumeRole(asked)));
      return own?.SourceIdentity === undefined ? undefined : own;
    },
  );
  return answer?.Credentials && stage.clientsWith(answer.Credentials);
}

async function handedOn(stage: Stage, session: SmokeClients, second: string): Promise<Fact> {
  const sts = await session.sts();
  const taken = await stage.until(
    redactable`STS to know the second role`,
    stage.pace.roleSeconds,
    () => unlessDenied(() => sts.assumeRole({ RoleArn: second, RoleSessionName: PREFIX })),
  );
  return judged(taken !== undefined, "source-identity", {
    says: taken
      ? redactable`a session with a source identity took a role whose trust policy compares it with the session's`
      : redactable`a session with a source identity could not take a role whose trust policy compares it with the session's, in ${seconds(stage.pace.roleSeconds)}`,
    next: redactable`tell us: people with a source identity cannot take their roles; leave it out of the sessions that they sign in to`,
  });
}

/** The entry is for the second role, which nobody is lent anything by. */
async function asText(stage: Stage, session: SmokeClients, second: string): Promise<Fact> {
  const { account, region } = stage.deployed;
  const cluster = stage.clusters.find(({ at }) => at.account === account && at.region === region);
  if (!cluster)
    return unsettled(
      "principal-text",
      redactable`no cluster was named where the broker is`,
      redactable`name one of the broker's account and region: --smoke <cluster>`,
    );
  const made = await entryBy(stage, session, cluster, second);
  return judged(made, "principal-text", {
    says: made
      ? redactable`EKS made an entry on ${named("cluster", cluster.name)} under a policy that compares the principal as text`
      : redactable`EKS denied an entry on ${named("cluster", cluster.name)} under a policy that compares the principal as text, for ${seconds(stage.pace.roleSeconds)}`,
    next: redactable`name fewer principals by their ARNs: timelatch docs adr/0025-grantor-policy-size`,
  });
}

/** EKS and IAM may not know the new role and its policy at once. */
async function entryBy(
  stage: Stage,
  session: SmokeClients,
  { arn, at: { name: clusterName } }: SmokeCluster,
  principalArn: string,
): Promise<boolean> {
  const eks = await session.eks();
  const made = await stage.journal.make({ kind: "entry", cluster: arn, principalArn }, () =>
    stage.until(redactable`EKS to know the second role`, stage.pace.roleSeconds, () =>
      unlessDenied(async () => {
        try {
          return await eks.createAccessEntry({ clusterName, principalArn });
        } catch (error) {
          if (isUnknownPrincipal(error)) return undefined;
          throw error;
        }
      }),
    ),
  );
  return made !== undefined;
}

const isUnknownPrincipal = (error: unknown): boolean =>
  error instanceof Error && /invalid principal/i.test(error.message);

const notTaken = (stage: Stage, fact: "source-identity" | "principal-text"): Fact =>
  unsettled(
    fact,
    redactable`the scratch role could not be assumed with a source identity in ${seconds(stage.pace.roleSeconds)}`,
    redactable`your credentials need sts:AssumeRole and sts:SetSourceIdentity on it: timelatch docs smoke-policy`,
  );
