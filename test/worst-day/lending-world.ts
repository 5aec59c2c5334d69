/**
 * A broker in memory that lends 20 grants, by the numbers of production and on virtual time. Its parts can be switched
 * off. Every ten seconds it looks at what is still on the entries.
 */
import { PRODUCTION } from "../../infra/synth/settings.ts";
import { ACCOUNT, BOB, PROD, REGION, STAGING } from "../../lab/fakes/builders.ts";
import { EDIT, edit, memoryBroker } from "../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { sweep } from "../../shared/usecases/converge/sweep.ts";

export const FAR_REGION = "eu-west-1";
const FAR = { name: "far", arn: `arn:aws:eks:${FAR_REGION}:444455556666:cluster/far` };
const CLUSTERS = [PROD, STAGING, FAR];
/** Erin's entry on prod belongs to others, who have the same policy there. So what she borrows there has no fuse. */
const ERIN = "erin";
const PEOPLE = ["alice", "carl", "dana", "frank", ERIN];
const roleOf = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/people/${name}`;
const FAR_ACCOUNT = "444455556666";

const POLICY = `
version: 1
clusters:
${CLUSTERS.map(({ name, arn }) => `  ${name}: { arn: "${arn}" }`).join("\n")}
people:
  bob: { email: bob@example.com, groups: [leads], identities: { iam: ["${BOB}"] }, principals: ["${BOB}"] }
  ben: { email: ben@example.com, groups: [leads], identities: { iam: ["${roleOf("ben")}"] }, principals: ["${roleOf("ben")}"] }
${PEOPLE.map(
  (name) =>
    `  ${name}: { email: ${name}@example.com, groups: [payments], identities: { iam: ["${roleOf(name)}"] }, principals: ["${roleOf(name)}", "${roleOf(name, FAR_ACCOUNT)}"] }`,
).join("\n")}
roles: { admins: [leads], auditors: [leads] }
rules:
  - name: payments-edit
    who: { groups: [payments] }
    clusters: [prod, staging, far]
    access: { policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }
    duration: { max: 4h }
    approval: [{ groups: [leads], count: 1 }]
    reason: { minLength: 5 }
`;

/** How often it looks. */
export const STEP_SECONDS = 10;
/** EventBridge Scheduler fires within a minute; here always at its end. */
export const SCHEDULER_SECONDS = 60;

/** The parts of the world that work. */
interface Parts {
  /** Converge, the sweep, and their queue. */
  broker: boolean;
  /** Scheduler and EKS, by region. */
  readonly down: Set<string>;
}

export type LendingWorld = Awaited<ReturnType<typeof lendingWorld>>;

export async function lendingWorld() {
  const broker = memoryBroker({
    policy: parseAccessPolicy(POLICY),
    settings: PRODUCTION.broker,
  });
  const parts: Parts = { broker: true, down: new Set() };
  const late = new Map<string, number>();
  const grants: { request: AccessRequest; element: string }[] = [];
  broker.clusters.add(FAR.arn);
  for (const name of PEOPLE)
    for (const account of [ACCOUNT, FAR_ACCOUNT])
      broker.principals.set(
        roleOf(name, account),
        `AROA${name}${account}`,
        "2026-11-01T00:00:00.000Z",
      );
  broker.faults.push(({ address }) =>
    parts.down.has(address.cluster.region) ? { failure: "busy", code: "ECONNREFUSED" } : undefined,
  );
  broker.entries.edit(
    broker.addressOf(PROD.arn, roleOf(ERIN)),
    () => ({ targets: { [EDIT]: ["ns/erins-own"] } }),
    "2026-11-01T00:00:00.000Z",
  );
  const memory = {};
  let seconds = 0;

  const world = {
    broker,
    parts,
    /** By a grant's id: when its access was last seen after its end, in milliseconds since the epoch. */
    late,
    grants,
    now: () => broker.clock.now(),
    /**
     * Each of these people borrows in one namespace of each cluster, and in a second one of prod
     * for twice as long. People with a grant are skipped.
     * @param count the first people; all by default
     */
    async lendAll(count = PEOPLE.length): Promise<void> {
      for (const [at, name] of PEOPLE.entries()) {
        if (at >= count || grants.some(({ request }) => request.requester === name)) continue;
        for (const [which, { name: cluster }] of [...CLUSTERS, PROD].entries())
          await lend(name, cluster, `payments-${at}${which}`, which === CLUSTERS.length ? 2 : 1);
      }
      await world.pass(120);
    },
    /** The first of them borrows in one more namespace, on the entry that they have on prod. */
    async lendOneMore(): Promise<AccessRequest> {
      const request = await lend(PEOPLE[0] ?? "", PROD.name, "payments-more", 1);
      await world.pass(120);
      return request;
    },
    /** Lets these seconds pass. */
    async pass(wanted: number): Promise<void> {
      for (let passed = 0; passed < wanted; passed += STEP_SECONDS) await step();
    },
    async until(instant: string): Promise<void> {
      while (broker.clock.now() < instant) await step();
    },
    /** Those whose access is on its entry. */
    lent: (): readonly AccessRequest[] => grants.filter(isLent).map(({ request }) => request),
  };

  async function lend(
    name: string,
    cluster: string,
    namespace: string,
    hours: number,
  ): Promise<AccessRequest> {
    const principalArn = roleOf(name, cluster === FAR.name ? FAR_ACCOUNT : ACCOUNT);
    const ask = { cluster, principalArn, access: edit(namespace), durationSeconds: hours * 3_600 };
    const request = await broker.approve(await broker.ask(ask, name));
    grants.push({ request, element: `ns/${namespace}` });
    return request;
  }

  const isLent = ({ request, element }: (typeof grants)[number]): boolean =>
    broker.entries
      .peek({ cluster: clusterOf(request.cluster.arn), principalArn: request.principalArn })
      ?.targets[EDIT]?.includes(element) ?? false;

  async function step(): Promise<void> {
    broker.clock.advance(STEP_SECONDS);
    seconds += STEP_SECONDS;
    fireTimers();
    if (parts.broker) {
      if (seconds % PRODUCTION.broker.sweepPeriodSeconds === 0) await sweep(broker.front, memory);
      const subjects = new Set(broker.queue.sent.splice(0).map(({ subject }) => subject));
      for (const subject of subjects)
        if (!subject.startsWith("cluster/")) await broker.converge(subject);
    } else broker.queue.sent.length = 0;
    const now = broker.clock.now();
    for (const grant of grants) {
      const { id, expiresAt } = grant.request;
      if (now > (expiresAt ?? "") && isLent(grant)) late.set(id, Date.parse(now));
    }
  }

  function fireTimers(): void {
    const due = broker.clock.now();
    for (const [name, timer] of broker.schedules.timers) {
      const region = timer.kind === "fuse" ? timer.address.cluster.region : REGION;
      const fires = Date.parse(timer.at) + SCHEDULER_SECONDS * 1_000;
      if (fires > Date.parse(due) || parts.down.has(region)) continue;
      broker.schedules.timers.delete(name);
      if (timer.kind === "revocation")
        broker.queue.sent.push({ subject: timer.binding, cause: "revocation-time" });
      else
        broker.entries.edit(timer.address, (entry) => {
          if (!entry) return undefined;
          const { [timer.target]: _gone, ...targets } = entry.targets;
          return { tags: entry.tags, targets };
        });
    }
  }
  return world;
}

/**
 * The longest that something of these was lent past its end, in seconds; 0 where nothing was.
 *
 * @param end its own, or that of the last grant of the same policy on the same entry
 */
export function longestLate(
  { late, grants }: LendingWorld,
  end: "own" | "last" = "own",
  wanted: (request: AccessRequest) => boolean = () => true,
): number {
  const seconds = grants.flatMap(({ request }) => {
    const seen = late.get(request.id);
    if (seen === undefined || !wanted(request)) return [];
    const beside = grants.flatMap(({ request: other }) =>
      other.cluster.arn === request.cluster.arn && other.principalArn === request.principalArn
        ? Date.parse(other.expiresAt ?? "")
        : [],
    );
    const ended = end === "own" ? Date.parse(request.expiresAt ?? "") : Math.max(...beside);
    return (seen - ended) / 1_000;
  });
  return Math.max(0, ...seconds);
}

export const isFar = ({ cluster }: AccessRequest): boolean => cluster.name === FAR.name;
/** Whether nothing but converge ends it. */
export const isUnfused = ({ cluster, requester }: AccessRequest): boolean =>
  requester === ERIN && cluster.name === PROD.name;
