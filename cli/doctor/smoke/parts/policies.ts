/** How long IAM takes to know a policy and to forget it, and how it counts one. */
import { type Fact, judged, unsettled } from "../fact.ts";
import { isDenied, sessionOf, trustsOnly } from "../own-session.ts";
import type { Part } from "../part.ts";
import { refusalOf } from "../refusal.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";
import { PREFIX, ROLE_PATH, type Thing } from "../thing.ts";

export const policies: Part = {
  name: "policies",
  does: "gives a scratch role a policy and takes it away, and waits until its session notices",
  makes: "a role that only you can take, and that may only read itself",
  async play(stage): Promise<readonly Fact[]> {
    const { deployed, run, journal } = stage;
    const { account, partition } = deployed;
    const clients = clientsAt(stage, deployed);
    const [iam, sts] = [await clients.iam(), await clients.sts()];
    const name = `${PREFIX}-${run}-policy`;
    const thing: Thing = { kind: "role", account, name };
    const { UserId = "" } = await sts.getCallerIdentity({});
    const trust = trustsOnly(partition, account, UserId);
    await journal.make(thing, () =>
      iam.createRole({ RoleName: name, Path: ROLE_PATH, AssumeRolePolicyDocument: trust }),
    );
    const arn = `arn:${partition}:iam::${account}:role${ROLE_PATH}${name}`;
    const session = await sessionOf(stage, arn);
    if (!session) return [notTaken(stage)];
    const own = await session.iam();
    const isAllowed = async () =>
      (await refused(() => own.getRole({ RoleName: name }))) === undefined;
    const put = (PolicyDocument: string) =>
      iam.putRolePolicy({ RoleName: name, PolicyName: "smoke", PolicyDocument });
    const given = await measured(stage, () => put(readsItself(arn)), isAllowed);
    const taken = await measured(
      stage,
      () => iam.deleteRolePolicy({ RoleName: name, PolicyName: "smoke" }),
      async () => !(await isAllowed()),
    );
    const fits = await refusalOf(() => put(documentOf(MOST, arn)));
    const over = await refusalOf(() => put(documentOf(MOST + 1, arn)));
    return [lagFact(stage, given, taken), sizeFact(fits, over)];
  },
};

const readsItself = (arn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "iam:GetRole", Resource: arn }],
  });

/**
 * The most characters of all inline policies of a role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST = 10_240;

/** A policy of exactly this many characters without white space, written with much of it. */
function documentOf(characters: number, arn: string): string {
  const write = (filler: string, indent?: number) =>
    JSON.stringify(
      {
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Action: "iam:GetRole", Resource: [arn, filler] }],
      },
      null,
      indent,
    );
  const [, partition] = arn.split(":");
  const filler = (length: number) => `arn:${partition}:s3:::${"x".repeat(length)}`;
  const missing = characters - write(filler(0)).length;
  return write(filler(missing), 8);
}

/** As `refusalOf`, where being denied is the answer that is looked for. */
async function refused(call: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof Error && isDenied(error)) return error.name;
    throw error;
  }
}

/** Seconds from the answer of a change until it holds; undefined where it does not in time. */
async function measured(
  stage: Stage,
  change: () => Promise<unknown>,
  holdsNow: () => Promise<boolean>,
): Promise<number | undefined> {
  await change();
  const began = stage.now();
  return stage.until(
    redactable`a change of a policy to hold`,
    stage.deployed.settings.policySkewSeconds,
    async () => ((await holdsNow()) ? (stage.now() - began) / 1_000 : undefined),
  );
}

function lagFact(stage: Stage, given: number | undefined, taken: number | undefined): Fact {
  const { policySkewSeconds } = stage.deployed.settings;
  const isKnown = given !== undefined && taken !== undefined;
  return judged(isKnown, "policy-lag", {
    says: isKnown
      ? redactable`a new policy held after ${seconds(given)}, and a deleted one until ${seconds(taken)}; the broker tries for ${seconds(policySkewSeconds)}`
      : redactable`a change of a policy did not hold in ${seconds(policySkewSeconds)}`,
    next: redactable`raise policySkewSeconds in infra/synth/settings.ts, and deploy`,
    ...(isKnown ? { numbers: { givenSeconds: given, takenSeconds: taken } } : {}),
  });
}

const notTaken = (stage: Stage): Fact =>
  unsettled(
    "policy-lag",
    redactable`the scratch role could not be assumed in ${seconds(stage.pace.roleSeconds)}`,
    redactable`your credentials need sts:AssumeRole on it: timelatch docs smoke-policy`,
  );

/** @param fits the error of a policy that has as many characters as there may be, @param over of one more */
const sizeFact = (fits: string | undefined, over: string | undefined): Fact =>
  judged(fits === undefined && over !== undefined, "policy-size", {
    says: redactable`IAM ${fits === undefined ? redactable`takes` : redactable`refuses`} ${MOST} characters beside white space, and ${over === undefined ? redactable`takes` : redactable`refuses`} one more${over === undefined ? redactable`` : redactable` (${named("error", over)})`}`,
    next: redactable`compare with npm run bench -- deploy, and write fewer names by ARN: timelatch docs adr/0025-grantor-policy-size`,
    numbers: { characters: MOST },
  });
