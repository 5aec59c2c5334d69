/** What others do: owners of entries, the administrators of clusters and roles, and an intruder. */
import { GROUPS, groupElements } from "../shared/domain/entries/access.ts";
import type { ActualEntry } from "../shared/domain/entries/actual-entry.ts";
import { scopeElements } from "../shared/domain/entries/scope.ts";
import { ACCESS_MAY_EXIST } from "../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../shared/domain/requests/request.ts";
import { type ElementSet, minus, setOf } from "../shared/domain/values/element-set.ts";
import { plusSeconds } from "../shared/domain/values/instant.ts";
import type { ForeignEntry } from "../test/fakes/memory-access-entries.ts";
import type { Truth } from "./oracle/truth.ts";
import { bindingOf, type People, type Place, placeOf } from "./people.ts";
import type { Random } from "./random.ts";
import { ACCOUNT, CLUSTERS, EDIT, NAMESPACES, role, TARGETS } from "./sim-policy.ts";
import { instantOf } from "./virtual-time.ts";
import { addressOf, type World } from "./world.ts";

const SECOND = 1_000;

/** When entries were made that were there before. */
const LONG_AGO = "2026-11-01T00:00:00.000Z";

const NAMES = ["app-a", "app-b", "base", "ops"] as const;

/** Content that somebody else gives a target. */
function anyElements(random: Random, target: string): ElementSet {
  if (target === GROUPS) return groupElements(random.some(["viewers", "theirs"], 0.6));
  if (random.chance(0.1)) return scopeElements({ type: "cluster" });
  const namespaces = [...new Set([random.pick(NAMES), random.pick(NAMES)])];
  return scopeElements({ type: "namespace", namespaces });
}

const anyTargets = (random: Random): Record<string, ElementSet> =>
  Object.fromEntries(random.some(TARGETS, 0.35).map((each) => [each, anyElements(random, each)]));

/** Some give their entries a username of their own; EKS has a default for the others. */
const anyName = (random: Random): Pick<ForeignEntry, "username"> =>
  random.chance(0.5) ? { username: `theirs:${random.whole(1, 99)}` } : {};

/** An entry that was there before the broker came. */
export function standingEntry(world: World, place: Place): void {
  const address = addressOf(place.cluster, place.principal);
  const entry = { ...anyName(world.random), targets: anyTargets(world.random) };
  world.entries.edit(address, () => entry, LONG_AGO);
}

type Edit = (entry: ActualEntry | undefined, random: Random) => ForeignEntry | undefined;

const kept = (
  entry: ActualEntry | undefined,
): ForeignEntry & { targets: Record<string, ElementSet> } => ({
  tags: entry?.tags ?? {},
  targets: { ...entry?.targets },
});

const EDITS: Readonly<Record<string, Edit>> = {
  "adds to it": (entry, random) => {
    const { tags, targets } = kept(entry);
    const target = random.pick(TARGETS);
    const there = targets[target] ?? [];
    const more = there.includes("cluster") ? there : anyElements(random, target);
    const all = more.includes("cluster") ? more : setOf([...there, ...more]);
    const name = entry ? {} : anyName(random);
    return { ...name, tags: tags ?? {}, targets: { ...targets, [target]: all } };
  },
  "takes something from it": (entry, random) => {
    const { tags, targets } = kept(entry);
    const target = random.pick(Object.keys(targets).concat(TARGETS[0]));
    const left = (targets[target] ?? []).slice(1);
    return { tags: tags ?? {}, targets: { ...targets, [target]: left } };
  },
  "scopes it anew": (entry, random) => {
    const { tags, targets } = kept(entry);
    const target = random.pick(Object.keys(targets).concat(TARGETS[0]));
    return { tags: tags ?? {}, targets: { ...targets, [target]: anyElements(random, target) } };
  },
  "deletes it": () => undefined,
};

export class Outsiders {
  readonly #world: World;
  readonly #people: People;

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
  }

  /** Somebody edits an entry; one who is polite waits until the broker is not at it. */
  edit(place: Place): void {
    const { random, oracle, profile, time } = this.#world;
    const truth = oracle.truths.get(bindingOf(place));
    if (!truth) return;
    if (truth.underWay > 0 && random.chance(profile.politeness)) {
      this.#people.later(time.now + random.between(1, 10) * SECOND, () => this.edit(place));
      return;
    }
    if (random.chance(0.1)) this.#replace(truth);
    else this.#change(truth, random.pick(Object.keys(EDITS)));
  }

  #change(truth: Truth, what: string): void {
    const { entries, note, random, oracle } = this.#world;
    const before = entries.peek(truth.address);
    // Who adds to no entry makes one.
    const make = EDITS[what];
    if (!make || (!before && what !== "adds to it")) return;
    entries.edit(truth.address, (entry) => tidied(make(entry, random)));
    this.#told(truth, before, note, what);
    oracle.edited(truth, before);
    if (random.chance(0.3)) this.#wanted(truth, before);
  }

  /** What its owner has just given by hand, somebody asks for as well. */
  #wanted(truth: Truth, before: ActualEntry | undefined): void {
    const after = this.#world.entries.peek(truth.address);
    const added = minus(after?.targets[EDIT] ?? [], before?.targets[EDIT] ?? []);
    const namespaces = NAMESPACES.filter((name) => added.includes(`ns/${name}`));
    if (namespaces.length === 0) return;
    const access = {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces },
    } as const;
    const { cluster, principalArn } = truth.address;
    void this.#people.ask(placeOf(cluster.name, principalArn.split("/")[1] ?? ""), access, true);
  }

  #replace(truth: Truth): void {
    const { entries, note, random, oracle } = this.#world;
    const before = entries.peek(truth.address);
    entries.edit(truth.address, () => undefined);
    oracle.edited(truth, before);
    entries.edit(truth.address, () => tidied({ ...anyName(random), targets: anyTargets(random) }));
    this.#told(truth, before, note, "deletes it and makes another");
    oracle.edited(truth, undefined);
  }

  #told(truth: Truth, before: ActualEntry | undefined, note: World["note"], what: string): void {
    const after = this.#world.entries.peek(truth.address);
    note(
      "owner",
      () =>
        `${what}: ${truth.name} from ${JSON.stringify(before?.targets ?? null)} to ${JSON.stringify(after?.targets ?? null)}`,
    );
  }

  /** The role is deleted; it comes back as another, or not at all. */
  recreateRole(place: Place): void {
    const { principals, createdAt, random, note, time, oracle } = this.#world;
    const arn = role(place.principal);
    const back = random.chance(0.7);
    note("administrator", () => `deletes ${place.principal}${back ? " and creates it anew" : ""}`);
    if (back) principals.set(arn, `AROA${random.whole(1, 1_000_000)}`);
    else principals.delete(arn);
    createdAt.set(arn, instantOf(time.now));
    for (const truth of oracle.truths.values()) {
      // Of another account's role the broker cannot read who it is, and EKS says that it is gone.
      const noticed = truth.address.cluster.account === ACCOUNT || !back;
      if (truth.address.principalArn === arn && noticed) truth.withdrawnAt = time.now;
    }
  }

  /** The cluster is deleted, and its entries with it; sometimes another takes its name. */
  deleteCluster(place: Place): void {
    const { clusters, entries, note, oracle, random, time, createdAt } = this.#world;
    const arn = CLUSTERS[place.cluster] ?? "";
    note("administrator", () => `deletes the cluster ${place.cluster}`);
    for (const truth of oracle.truths.values()) {
      if (truth.address.cluster.name !== place.cluster) continue;
      truth.withdrawnAt = time.now;
      const before = entries.peek(truth.address);
      entries.edit(truth.address, () => undefined);
      oracle.edited(truth, before);
    }
    clusters.delete(arn);
    if (random.chance(0.5)) return;
    this.#people.later(time.now + random.between(1, 600) * SECOND, () => {
      note("administrator", () => `creates another cluster ${place.cluster}`);
      clusters.set(arn, true);
      createdAt.set(arn, instantOf(time.now));
    });
  }

  /** Schedules are deleted by hand: one, or the whole group. */
  deleteSchedules(): void {
    const { timers, random, oracle, note } = this.#world;
    oracle.handsOnSchedules();
    for (const name of random.chance(0.3)
      ? [...timers.keys()]
      : random.some([...timers.keys()], 0.4)) {
      note("somebody", () => `deletes the schedule ${name}`);
      timers.delete(name);
    }
  }

  /**
   * Whoever has taken over what faces the internet writes what they like into the table. What they
   * obtain is at most what some rule allows: nothing here is allowed by one.
   */
  forge(): void {
    const { tables, random, oracle, note, queue, time } = this.#world;
    if (random.chance(0.4)) {
      this.#prolong();
      return;
    }
    const pending = [...tables.requests.values()].filter(
      ({ state, requirements }) => state === "pending" && requirements.length > 0,
    );
    const victim = pending[0];
    if (!victim) return;
    const now = instantOf(time.now);
    const expiresAt = plusSeconds(now, victim.durationSeconds);
    const approved: AccessRequest = {
      ...victim,
      version: victim.version + 1,
      state: random.pick(["approved", "active"]),
      approvedAt: now,
      expiresAt,
      revokeAt: plusSeconds(expiresAt, -120),
      startsAt: null,
      approvals: [],
    };
    const proof = { callerId: "forged" };
    const forgeries: readonly Partial<AccessRequest>[] = [
      {},
      { approvals: [{ person: victim.requester, at: now, proof }] },
      { approvals: [{ person: "fay", at: now, proof }] },
      {
        approvals: [
          { person: "cat", at: now, proof },
          { person: "dan", at: now, proof },
        ],
        expiresAt: plusSeconds(now, 86_400),
        revokeAt: plusSeconds(now, 86_280),
      },
    ];
    const forged = { ...approved, ...random.pick(forgeries) };
    oracle.wasForged(forged.id);
    note("intruder", () => `forges ${forged.id.slice(-4)}: ${forged.state}`);
    const place = {
      cluster: forged.cluster.name,
      principal: forged.principalArn.split("/")[1] ?? "",
    };
    const binding = bindingOf({ ...place, holders: [] });
    tables.requests.set(forged.id, forged);
    tables.pending.clear();
    if (!ACCESS_MAY_EXIST.has(forged.state)) return;
    const own = tables.grants.get(binding) ?? new Map<string, AccessRequest>();
    own.set(forged.id, forged);
    tables.grants.set(binding, own);
    const head = tables.heads.get(binding);
    tables.heads.set(binding, {
      clusterArn: forged.cluster.arn,
      principalArn: forged.principalArn,
      attempts: 0,
      dueFor: "addition",
      removeAt: null,
      driftCheckAt: null,
      ledgerRevision: 0,
      ...head,
      version: (head?.version ?? 0) + 1,
      dueAt: now,
    });
    queue.send(binding, "forged", `forged-${random.fraction()}`);
  }

  /** A grant that is under way is to last longer than it was approved for. */
  #prolong(): void {
    const { tables, random, note } = this.#world;
    const own = [...tables.grants.values()].flatMap((grants) => [...grants.values()]);
    const live = own.filter(({ state, revokeAt }) => state === "active" && revokeAt !== null);
    if (live.length === 0) return;
    const victim = random.pick(live);
    const prolonged: AccessRequest = {
      ...victim,
      revokeAt: plusSeconds(victim.revokeAt ?? "", 3_600),
      expiresAt: plusSeconds(victim.expiresAt ?? "", 3_600),
    };
    note("intruder", () => `prolongs ${victim.id.slice(-4)}`);
    tables.requests.set(victim.id, prolonged);
    for (const grants of tables.grants.values())
      if (grants.has(victim.id)) grants.set(victim.id, prolonged);
  }
}

/** EKS keeps no target without elements. */
function tidied(entry: ForeignEntry | undefined): ForeignEntry | undefined {
  if (!entry) return undefined;
  const targets = Object.fromEntries(
    Object.entries(entry.targets ?? {}).filter(([, elements]) => elements.length > 0),
  );
  return { ...entry, targets };
}
