/** What EKS does with an access entry: how late reads are, and what calls mean. */
import { accessPolicyArn } from "../../../../shared/domain/values/arn.ts";
import { contradicted, type Fact, holds, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { refusalOf, unlessAbsent } from "../refusal.ts";
import { named, seconds, type Told, told } from "../report/told.ts";
import {
  associationsOf,
  clientsOf,
  createEntry,
  describedEntry,
  NAMESPACE,
  type Scratch,
  scratchRole,
} from "../scratch.ts";
import type { SmokeCluster, Stage } from "../stage.ts";
import { type Lag, noLag, readAfter } from "./read-lag.ts";

export const entries: Part = {
  name: "entries",
  does: "changes a scratch access entry on each named cluster, and compares reads with the changes",
  makes: "a role that nobody can take, and its access entry",
  async play(stage) {
    const facts: Fact[] = [];
    for (const cluster of stage.clusters) facts.push(...(await on(stage, cluster)));
    return facts;
  },
};

/** What was measured on one cluster. */
interface Measured {
  readonly entry: Lag;
  readonly associations: Lag;
  readonly role: Lag;
}

async function on(stage: Stage, cluster: SmokeCluster): Promise<readonly Fact[]> {
  const lags: Measured = { entry: noLag(), associations: noLag(), role: noLag() };
  const scratch = await scratchRole(stage, cluster, "entry");
  await watchRole(stage, scratch, lags.role);
  const known = await createEntry(stage, scratch, {
    ...{ username: FIRST_NAME, clientRequestToken: `${stage.run}-entry` },
  });
  if (known === undefined) return [neverKnown(stage, cluster)];
  const answeredAt = stage.now();
  await readAfter(stage, answeredAt, [
    { of: lags.entry, isFresh: async () => (await describedEntry(scratch)) !== undefined },
  ]);
  const repeated = await repeatedToken(stage, scratch);
  const scopes = await replaceScopes(stage, scratch, lags);
  const refused = await refusedCall(scratch);
  const username = await resetUsername(stage, scratch, lags);
  const made = await makeAgain(stage, scratch, lags);
  return [
    ...lagFacts(stage, cluster, lags),
    roleFact(stage, cluster, lags.role, known),
    ...[repeated, scopes, refused, username, ...made],
  ];
}

const FIRST_NAME = "timelatch-smoke-user";

/** How GetRole shows a role that was just made. */
async function watchRole(stage: Stage, { cluster, role }: Scratch, of: Lag): Promise<void> {
  const iam = await clientsOf(stage, cluster).iam();
  const isFresh = async () =>
    (await unlessAbsent(() => iam.getRole({ RoleName: role.name }))) !== undefined;
  await readAfter(stage, stage.now(), [{ of, isFresh }]);
}

const on_ = ({ name }: SmokeCluster): Told => named("cluster", name);

const neverKnown = (stage: Stage, cluster: SmokeCluster): Fact =>
  contradicted(
    "role-lag",
    told`EKS refused a new role as principal on ${on_(cluster)} for ${seconds(stage.pace.roleSeconds)}`,
    told`run it again; if it stays, raise policySkewSeconds above what the next run says`,
  );

/** The same call with the same token, and then with another body. */
async function repeatedToken(stage: Stage, scratch: Scratch): Promise<Fact> {
  const { eks, address, cluster } = scratch;
  const before = await describedEntry(scratch);
  const clientRequestToken = `${stage.run}-entry`;
  const again = (more: object) =>
    refusalOf(() => eks.createAccessEntry({ ...address, clientRequestToken, ...more }));
  const other = await again({ username: "timelatch-smoke-other" });
  const after = await describedEntry(scratch);
  const isOne = before?.accessEntryArn === after?.accessEntryArn;
  const answer = other === undefined ? told`with success` : told`with ${named("error", other)}`;
  return judged(isOne && after?.username === FIRST_NAME, "token", {
    says: told`EKS answers a creation under a used token with another body ${answer} on ${on_(cluster)}, and the entry ${isOne ? told`stays` : told`is another one`}`,
    next: told`tell us: a repeated token must make nothing twice`,
  });
}

/** One association has one scope: to associate again replaces it. */
async function replaceScopes(stage: Stage, scratch: Scratch, lags: Measured): Promise<Fact> {
  const { eks, address, cluster } = scratch;
  const policyArn = accessPolicyArn(cluster.at.partition, "AmazonEKSViewPolicy");
  const associate = async (namespaces: readonly string[]) => {
    await eks.associateAccessPolicy({
      ...{ ...address, policyArn },
      accessScope: { type: "namespace", namespaces: [...namespaces] },
    });
    const at = stage.now();
    const isFresh = async () =>
      (await associationsOf(scratch)).get(policyArn)?.toSorted().join() ===
      namespaces.toSorted().join();
    await readAfter(stage, at, [{ of: lags.associations, isFresh }]);
    return isFresh();
  };
  await associate([NAMESPACE]);
  const isReplaced = await associate([`${NAMESPACE}-other`]);
  const many = await associate(MANY);
  await eks.disassociateAccessPolicy({ ...address, policyArn });
  const at = stage.now();
  await readAfter(stage, at, [
    { of: lags.associations, isFresh: async () => !(await associationsOf(scratch)).has(policyArn) },
  ]);
  return judged(isReplaced && many, "scope", {
    says: told`an association that is made again on ${on_(cluster)} ${isReplaced ? told`has` : told`has not`} the new scope only, and a scope ${many ? told`takes` : told`does not take`} ${MANY.length} namespaces of 63 letters`,
    next: told`tell us: overlapping grants would lose each other`,
    numbers: { namespaces: MANY.length },
  });
}

/** As long as a name may be. */
const MANY: readonly string[] = Array.from({ length: 50 }, (_, at) =>
  `${NAMESPACE}-${at}-`.padEnd(62, "x").concat("y"),
);

/** A call that EKS refuses changes nothing. */
async function refusedCall(scratch: Scratch): Promise<Fact> {
  const { eks, address, cluster } = scratch;
  const policyArn = accessPolicyArn(cluster.at.partition, "AmazonEKSEditPolicy");
  const error = await refusalOf(() =>
    eks.associateAccessPolicy({ ...address, policyArn, accessScope: { type: "namespace" } }),
  );
  const left = await associationsOf(scratch);
  if (error === undefined)
    return unsettled(
      "client-error",
      told`EKS took a scope without namespaces on ${on_(cluster)}, so no call was refused`,
      told`tell us`,
    );
  return judged(left.size === 0, "client-error", {
    says: told`a call that EKS refused with ${named("error", error)} on ${on_(cluster)} left ${left.size} associations`,
    next: told`tell us: changes by others may then be no finding`,
  });
}

/** UpdateAccessEntry without a username. */
async function resetUsername(stage: Stage, scratch: Scratch, lags: Measured): Promise<Fact> {
  const { eks, address, cluster } = scratch;
  const { accessEntry: answered } = await eks.updateAccessEntry({
    ...{ ...address, kubernetesGroups: [] },
  });
  const at = stage.now();
  await readAfter(stage, at, [
    {
      of: lags.entry,
      isFresh: async () => (await describedEntry(scratch))?.username === answered?.username,
    },
  ]);
  const isReset = answered?.username !== FIRST_NAME;
  return holds(
    "username",
    told`UpdateAccessEntry without a username ${isReset ? told`resets it to EKS's default` : told`leaves it as it was`} on ${on_(cluster)}; Timelatch always sends it`,
  );
}

/** Deletes the entry and makes another one, which has to be younger. */
async function makeAgain(stage: Stage, scratch: Scratch, lags: Measured): Promise<readonly Fact[]> {
  const { eks, address, entry, cluster } = scratch;
  const instants = await creationsSeen(stage, scratch);
  const first = await describedEntry(scratch);
  await eks.deleteAccessEntry(address);
  const deletedAt = stage.now();
  await readAfter(stage, deletedAt, [
    { of: lags.entry, isFresh: async () => (await describedEntry(scratch)) === undefined },
  ]);
  stage.journal.gone(entry);
  await createEntry(stage, scratch);
  const madeAt = stage.now();
  const isNew = async () => {
    const now = await describedEntry(scratch);
    return now !== undefined && now.accessEntryArn !== first?.accessEntryArn;
  };
  await readAfter(stage, madeAt, [{ of: lags.entry, isFresh: isNew }]);
  const second = await describedEntry(scratch);
  const grows = (second?.createdAt?.getTime() ?? 0) > (first?.createdAt?.getTime() ?? 0);
  const spread = (Math.max(...instants) - Math.min(...instants)) / 1_000;
  return [
    judged(grows && spread < 1, "created-at", {
      says: told`createdAt on ${on_(cluster)} differed by ${seconds(spread)} in ${instants.length} reads, and that of a successor is ${grows ? told`later` : told`not later`}`,
      next: told`tell us: an old entry could be believed`,
      numbers: { spreadSeconds: spread },
    }),
    judged(await isNew(), "entry-arn", {
      says: told`the ARN of a successor on ${on_(cluster)} is another one`,
      next: told`tell us: a successor could pass for the entry of Timelatch`,
    }),
  ];
}

/** What several reads say of when the entry was made, milliseconds since 1970. */
async function creationsSeen(stage: Stage, scratch: Scratch): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let reads = 0; reads < 5; reads += 1) {
    const found = await describedEntry(scratch);
    if (found?.createdAt) seen.push(found.createdAt.getTime());
    await stage.pause(stage.pace.pollMs);
  }
  return seen;
}

const lagFacts = (
  { deployed: { settings } }: Stage,
  cluster: SmokeCluster,
  { entry, associations }: Measured,
): readonly Fact[] =>
  (
    [
      ["entry", entry],
      ["associations", associations],
    ] as const
  ).map(([what, { behind, reads, stale }]) =>
    judged(behind < settings.readLagSeconds, "read-lag", {
      says: told`reads of the ${what === "entry" ? told`entry` : told`associations`} on ${on_(cluster)} were at most ${seconds(behind)} behind: ${stale} of ${reads} reads showed an earlier state; the broker waits ${seconds(settings.readLagSeconds)}`,
      next: told`raise readLagSeconds above ${Math.ceil(behind)}, twice that at best, in infra/synth/settings.ts, and deploy`,
      numbers: { behindSeconds: behind, reads, stale, readLagSeconds: settings.readLagSeconds },
    }),
  );

function roleFact(
  { deployed: { settings } }: Stage,
  cluster: SmokeCluster,
  { behind, reads }: Lag,
  known: number,
): Fact {
  const most = Math.max(behind, known);
  return judged(most < settings.policySkewSeconds, "role-lag", {
    says: told`GetRole was at most ${seconds(behind)} behind in ${reads} reads of a new role, and EKS knew it after ${seconds(known)} on ${on_(cluster)}; the broker tries for ${seconds(settings.policySkewSeconds)}`,
    next: told`raise policySkewSeconds above ${Math.ceil(most)} in infra/synth/settings.ts, and deploy`,
    numbers: { behindSeconds: behind, knownSeconds: known },
  });
}
