/** Actions of others: owners of entries, and administrators of clusters, roles and schedules. */
import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import { minus } from "../../../shared/domain/values/element-set.ts";
import type { Truth } from "../oracle/truth.ts";
import { ACCOUNT, CLUSTERS, EDIT, NAMESPACES, role } from "../sim-policy.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { anyName, anyTargets, EDITS, tidied } from "./owner-entries.ts";
import { bindingOf, type People, type Place, placeOf } from "./people.ts";

const SECOND = 1_000;

export class Outsiders {
  readonly #world: World;
  readonly #people: People;

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
  }

  /** Somebody edits an entry. A polite owner waits until the broker is idle there. */
  edit(place: Place): void {
    const { random, oracle, profile, time } = this.#world;
    const truth = oracle.truths.get(bindingOf(place));
    if (!truth || this.#takesNone(place)) return;
    if (truth.underWay > 0 && random.chance(profile.politeness)) {
      this.#people.later(time.now + random.between(1, 10) * SECOND, () => this.edit(place));
      return;
    }
    if (random.chance(0.1)) this.#replace(truth);
    else this.#change(truth, random.pick(Object.keys(EDITS)));
  }

  #takesNone({ cluster }: Place): boolean {
    const { clusters, modes } = this.#world;
    const arn = CLUSTERS[cluster] ?? "";
    return !clusters.has(arn) || modes.get(arn) === "CONFIG_MAP";
  }

  #change(truth: Truth, what: string): void {
    const { entries, note, random, oracle } = this.#world;
    const before = entries.peek(truth.address);
    // Adding to an entry that does not exist creates it.
    const make = EDITS[what];
    if (!make || (!before && what !== "adds to it")) return;
    entries.edit(truth.address, (entry) => tidied(make(entry, random)));
    this.#report(truth, before, note, what);
    oracle.edited(truth, before);
    this.#world.others.changed(truth.address, before, entries.peek(truth.address));
    if (random.chance(0.3)) this.#wanted(truth, before);
  }

  /** Somebody requests what the owner has just added by hand. */
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
    this.#report(truth, before, note, "deletes it and makes another");
    oracle.edited(truth, undefined);
    this.#world.others.changed(truth.address, before, entries.peek(truth.address));
  }

  #report(truth: Truth, before: ActualEntry | undefined, note: World["note"], what: string): void {
    const after = this.#world.entries.peek(truth.address);
    note(
      "owner",
      () =>
        `${what}: ${truth.name} from ${JSON.stringify(before?.targets ?? null)} to ${JSON.stringify(after?.targets ?? null)}`,
    );
  }

  /** Deletes a role, and often creates another of the same name. */
  recreateRole(place: Place): void {
    const { principals, createdAt, random, note, time, oracle } = this.#world;
    const arn = role(place.principal);
    const back = random.chance(0.7);
    note("administrator", () => `deletes ${place.principal}${back ? " and creates it again" : ""}`);
    if (back) principals.set(arn, `AROA${random.whole(1, 1_000_000)}`);
    else principals.delete(arn);
    createdAt.set(arn, instantOf(time.now));
    for (const truth of oracle.truths.values()) {
      // The broker cannot read a role of another account, and only EKS reports that it is gone.
      const noticed = truth.address.cluster.account === ACCOUNT || !back;
      if (truth.address.principalArn === arn && noticed) truth.withdrawnAt = time.now;
    }
  }

  /** Deletes a cluster with its entries, and sometimes creates another of the same name. */
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

  /** Deletes schedules by hand: some, or the whole group. */
  deleteSchedules(): void {
    const { timers, random, oracle, note, tally } = this.#world;
    oracle.facts.handsOnSchedules = true;
    for (const name of random.chance(0.3)
      ? [...timers.keys()]
      : random.some([...timers.keys()], 0.4)) {
      note("somebody", () => `deletes the schedule ${name}`);
      tally.count("schedules", "deletedByHand");
      timers.delete(name);
    }
  }
}
