/** Facts about access entries in EKS: how late reads are, and what calls mean. */
import { accessPolicyArn } from "../../../../shared/domain/values/arn.ts";
import { type Fact, holds, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { refusalOf, unlessAbsent } from "../refusal.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import {
  associate,
  associationsOf,
  clientsOf,
  createEntry,
  describedEntry,
  eventually,
  NAMESPACE,
  onceKnown,
  type Scratch,
  scratchRole,
} from "../scratch.ts";
import type { SmokeCluster, Stage } from "../stage.ts";
import { listFacts } from "./entry-list.ts";
import { lagFacts, type Measured, neverKnown, roleFact } from "./lag-facts.ts";
import { type Lag, noLag, readAfter, shownWithin } from "./read-lag.ts";

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

async function on(stage: Stage, cluster: SmokeCluster): Promise<readonly Fact[]> {
  const lags: Measured = { entry: noLag(), associations: noLag(), role: noLag() };
  const scratch = await scratchRole(stage, cluster, "entry");
  await watchRole(stage, scratch, lags.role);
  const known = await createEntry(stage, scratch, {
    username: FIRST_NAME,
    clientRequestToken: `${stage.run}-entry`,
  });
  if (!known) return [neverKnown(stage, cluster)];
  const answeredAt = stage.now();
  await readAfter(stage, answeredAt, [
    { lag: lags.entry, isFresh: async () => (await describedEntry(scratch)) !== undefined },
  ]);
  const repeated = await repeatedToken(stage, scratch, known.answer.accessEntry?.accessEntryArn);
  const scopes = await replaceScopes(stage, scratch, lags);
  const refused = await refusedCall(stage, scratch);
  const username = await resetUsername(stage, scratch, lags);
  const lists = await listFacts(stage, scratch);
  const made = await makeAgain(stage, scratch, lags);
  return [
    ...lagFacts(stage, cluster, lags),
    roleFact(stage, cluster, lags.role, known.known),
    ...[repeated, scopes, refused, username, ...lists, ...made],
  ];
}

const FIRST_NAME = "timelatch-smoke-user";

/** How GetRole shows a role that was just made. */
async function watchRole(stage: Stage, { cluster, role }: Scratch, lag: Lag): Promise<void> {
  const iam = await clientsOf(stage, cluster).iam();
  const isFresh = async () =>
    (await unlessAbsent(() => iam.getRole({ RoleName: role.name }))) !== undefined;
  await readAfter(stage, stage.now(), [{ lag, isFresh }]);
}

/** The same call with the same token, and then with another body. */
async function repeatedToken(
  stage: Stage,
  scratch: Scratch,
  entryArn: string | undefined,
): Promise<Fact> {
  const { eks, address, cluster } = scratch;
  const clientRequestToken = `${stage.run}-entry`;
  const again = (more: object) =>
    refusalOf(() => eks.createAccessEntry({ ...address, clientRequestToken, ...more }));
  const other = await again({ username: "timelatch-smoke-other" });
  const isOne = await eventually(stage, async () => {
    const after = await describedEntry(scratch);
    return after?.accessEntryArn === entryArn && after?.username === FIRST_NAME;
  });
  const answer =
    other === undefined ? redactable`with success` : redactable`with ${named("error", other)}`;
  return judged(isOne, "token", {
    says: redactable`EKS answers a creation under a used token with another body ${answer} on ${named("cluster", cluster.name)}, and the entry ${isOne ? redactable`stays as it is` : redactable`is another one`}`,
    next: redactable`tell us: a repeated token must make nothing twice`,
  });
}

/** One association has one scope: to associate again replaces it. */
async function replaceScopes(stage: Stage, scratch: Scratch, lags: Measured): Promise<Fact> {
  const { eks, address, cluster } = scratch;
  const policyArn = accessPolicyArn(cluster.at.partition, "AmazonEKSViewPolicy");
  const scoped = async (namespaces: readonly string[]) => {
    await associate(stage, scratch, policyArn, namespaces);
    const at = stage.now();
    const isFresh = async () =>
      (await associationsOf(scratch)).get(policyArn)?.toSorted().join() ===
      namespaces.toSorted().join();
    await readAfter(stage, at, [{ lag: lags.associations, isFresh }]);
    return eventually(stage, isFresh);
  };
  await scoped([NAMESPACE]);
  const isReplaced = await scoped([`${NAMESPACE}-other`]);
  const many = await scoped(MANY);
  await onceKnown(stage, scratch, () => eks.disassociateAccessPolicy({ ...address, policyArn }));
  const at = stage.now();
  await readAfter(stage, at, [
    {
      lag: lags.associations,
      isFresh: async () => !(await associationsOf(scratch)).has(policyArn),
    },
  ]);
  return judged(isReplaced && many, "scope", {
    says: redactable`an association that is made again on ${named("cluster", cluster.name)} ${isReplaced ? redactable`has` : redactable`has not`} the new scope only, and a scope ${many ? redactable`takes` : redactable`does not take`} ${MANY.length} namespaces of 63 letters`,
    next: redactable`tell us: overlapping grants would lose each other`,
    numbers: { namespaces: MANY.length },
  });
}

/** As long as a name may be. */
const MANY: readonly string[] = Array.from({ length: 50 }, (_, at) =>
  `${NAMESPACE}-${at}-`.padEnd(62, "x").concat("y"),
);

/** A call that EKS refuses changes nothing. */
async function refusedCall(stage: Stage, scratch: Scratch): Promise<Fact> {
  const { eks, address, cluster } = scratch;
  const policyArn = accessPolicyArn(cluster.at.partition, "AmazonEKSEditPolicy");
  const error = await refusalOf(() =>
    eks.associateAccessPolicy({ ...address, policyArn, accessScope: { type: "namespace" } }),
  );
  if (error === undefined)
    return unsettled(
      "client-error",
      redactable`EKS took a scope without namespaces on ${named("cluster", cluster.name)}, so no call was refused`,
      redactable`tell us`,
    );
  const isAdded = await shownWithin(stage, async () =>
    (await associationsOf(scratch)).has(policyArn),
  );
  return judged(!isAdded, "client-error", {
    says: redactable`a call that EKS refused with ${named("error", error)} on ${named("cluster", cluster.name)} ${isAdded ? redactable`made an association all the same` : redactable`left no association`}`,
    next: redactable`tell us: changes by others may then be no finding`,
  });
}

/** UpdateAccessEntry without a username. */
async function resetUsername(stage: Stage, scratch: Scratch, lags: Measured): Promise<Fact> {
  const { eks, address, cluster } = scratch;
  const { accessEntry: answered } = await onceKnown(stage, scratch, () =>
    eks.updateAccessEntry({ ...address, kubernetesGroups: [] }),
  );
  const at = stage.now();
  await readAfter(stage, at, [
    {
      lag: lags.entry,
      isFresh: async () => (await describedEntry(scratch))?.username === answered?.username,
    },
  ]);
  const isReset = answered?.username !== FIRST_NAME;
  return holds(
    "username",
    redactable`UpdateAccessEntry without a username ${isReset ? redactable`resets it to EKS's default` : redactable`leaves it as it was`} on ${named("cluster", cluster.name)}; Timelatch always sends it`,
  );
}

/** Deletes the entry and makes another one, which has to be younger. */
async function makeAgain(stage: Stage, scratch: Scratch, lags: Measured): Promise<readonly Fact[]> {
  const { eks, address, entry, cluster } = scratch;
  const { instants, first } = await creationsSeen(stage, scratch);
  await onceKnown(stage, scratch, () => eks.deleteAccessEntry(address));
  const deletedAt = stage.now();
  await readAfter(stage, deletedAt, [
    { lag: lags.entry, isFresh: async () => (await describedEntry(scratch)) === undefined },
  ]);
  stage.journal.gone(entry);
  const made = await createEntry(stage, scratch, { isAgain: true });
  const madeAt = stage.now();
  const second = made?.answer.accessEntry;
  const isNew = async () => {
    const now = await describedEntry(scratch);
    return now !== undefined && now.accessEntryArn === second?.accessEntryArn;
  };
  await readAfter(stage, madeAt, [{ lag: lags.entry, isFresh: isNew }]);
  const isOther = second?.accessEntryArn !== first?.accessEntryArn;
  const grows = (second?.createdAt?.getTime() ?? 0) > (first?.createdAt?.getTime() ?? 0);
  const spread = (Math.max(...instants) - Math.min(...instants)) / 1_000;
  return [
    judged(grows && spread < 1, "created-at", {
      says: redactable`createdAt on ${named("cluster", cluster.name)} differed by ${seconds(spread)} in ${instants.length} reads, and that of a successor is ${grows ? redactable`later` : redactable`not later`}`,
      next: redactable`tell us: an old entry could be believed`,
      numbers: { spreadSeconds: spread },
    }),
    judged(isOther, "entry-arn", {
      says: redactable`the ARN of a successor on ${named("cluster", cluster.name)} is ${isOther ? redactable`another one` : redactable`the same`}`,
      next: redactable`tell us: a successor could pass for the entry of Timelatch`,
    }),
  ];
}

/** The times at which the entry was made, by several reads, milliseconds since 1970. */
async function creationsSeen(stage: Stage, scratch: Scratch) {
  const instants: number[] = [];
  let first: Awaited<ReturnType<typeof describedEntry>>;
  for (let reads = 0; reads < 5; reads += 1) {
    const found = await describedEntry(scratch);
    first = found ?? first;
    if (found?.createdAt) instants.push(found.createdAt.getTime());
    await stage.pause(stage.pace.pollMs);
  }
  return { instants, first };
}
