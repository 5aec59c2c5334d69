/** Operators who deploy policies, run clusters and tag entries, and crowds of people. */
import type { Access } from "../../../shared/domain/requests/request.ts";
import { deployed as reportDeployed, takesEntries } from "../oracle/refusals.ts";
import { bindingOf, type People, type Place, placeOf } from "../people/people.ts";
import { CLUSTERS, LENT_GROUPS, NAMESPACES } from "../sim-policy.ts";
import type { World } from "../world.ts";
import { anySpan, type Hardships } from "./hardship.ts";
import { clusterRetired, type PolicyChange, RULE_NARROWED } from "./policy-change.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** More than the steps that one transaction takes. */
const CROWD = [40, 70] as const;

/** A place for a hardship that needs somebody to ask: the role that most people hold. */
export function neededPlace({ has, configMapCluster }: Hardships): Place | undefined {
  if (configMapCluster !== undefined) return placeOf(configMapCluster, "oncall");
  return has("crowd") ? placeOf("one", "oncall") : undefined;
}

export class Operators {
  readonly #world: World;
  readonly #people: Pick<People, "later" | "ask">;

  constructor(world: World, people: Pick<People, "later" | "ask">) {
    this.#world = world;
    this.#people = people;
  }

  /** Plans what this life's hardships have them do. @param span when most is asked for, in milliseconds */
  plan(places: readonly Place[], span: number): void {
    const { hardships, startedAt } = this.#world;
    const { random } = hardships;
    const at = (from: number, to: number, act: () => void) =>
      this.#people.later(startedAt + random.between(from, to), act);
    const place = random.pick(places);
    if (hardships.has("ruleNarrowed"))
      at(0, span, () => this.#deployBeside("ruleNarrowed", RULE_NARROWED));
    if (hardships.has("clusterRetired"))
      at(0, span, () => this.#deployBeside("clusterRetired", clusterRetired(place.cluster)));
    if (hardships.has("configMap")) at(MINUTE, span + 10 * MINUTE, () => this.#takesEntries());
    const needed = neededPlace(hardships);
    if (hardships.has("configMap") && needed)
      // Before anybody knows that the cluster takes none.
      for (let left = random.whole(1, 3); left > 0; left -= 1)
        at(0, MINUTE, () => void this.#people.ask(needed, undefined, true));
    if (hardships.has("tagRemoved"))
      for (const each of places) at(0, span + 10 * MINUTE, () => this.#untag(each, 60));
    if (hardships.has("recordExpired"))
      for (let left = random.whole(1, 3); left > 0; left -= 1)
        at(25.1 * HOUR, 28 * HOUR, () => void this.#people.ask(place));
    if (hardships.has("crowd") && needed) at(0, span, () => this.#crowd(needed));
  }

  /** Deploys as soon as a request is approved that has not begun, or after a while. */
  #deployBeside(
    kind: "ruleNarrowed" | "clusterRetired",
    change: PolicyChange,
    tries = 1_000,
  ): void {
    const { tables, time } = this.#world;
    const isBetween = [...tables.requests.values()].some(
      (request) => request.state === "approved" && !change.lends(request),
    );
    if (isBetween || tries === 0) this.#deploy(kind, change);
    else this.#people.later(time.now + 700, () => this.#deployBeside(kind, change, tries - 1));
  }

  #deploy(kind: "ruleNarrowed" | "clusterRetired", change: PolicyChange): void {
    const { deployed, oracle, note, tally } = this.#world;
    note("operator", () => `deploys: ${kind}`);
    tally.meets(kind);
    deployed.changes(change);
    reportDeployed(oracle.facts, change);
  }

  /** The cluster takes access entries from now on. */
  #takesEntries(): void {
    const { modes, hardships, oracle, note } = this.#world;
    const name = hardships.configMapCluster ?? "";
    note("operator", () => `has ${name} take access entries`);
    modes.set(CLUSTERS[name] ?? "", "API_AND_CONFIG_MAP");
    takesEntries(oracle.facts, name);
  }

  /** Takes the tags of an entry of ours away, once there is one, and gives them back later. */
  #untag(place: Place, tries: number): void {
    const { entries, oracle, note, time, hardships, ledgers } = this.#world;
    const truth = oracle.truths.get(bindingOf(place));
    const before = truth && entries.peek(truth.address);
    if (!truth || tries === 0) return;
    // The broker takes an entry for another's that it did not know before it lost its tags.
    const known = ledgers.get(truth.binding)?.entry;
    if (!before || !known?.owned || known.arn !== before.accessEntryArn) {
      this.#people.later(time.now + 30 * SECOND, () => this.#untag(place, tries - 1));
      return;
    }
    const { tags, accessEntryArn } = before;
    const until = time.now + hardships.random.between(4, 30) * MINUTE;
    note("operator", () => `takes the tags of ${truth.name} away`);
    entries.edit(truth.address, (entry) => entry && { ...entry, tags: {} });
    oracle.edited(truth, before);
    oracle.heldUp(truth.binding, until);
    this.#people.later(until, () => {
      const now = entries.peek(truth.address);
      if (now?.accessEntryArn !== accessEntryArn) return;
      note("operator", () => `tags ${truth.name} again`);
      entries.edit(truth.address, (entry) => entry && { ...entry, tags });
      oracle.edited(truth, now);
    });
  }

  /** Many people ask for much at once, so that it ends at once. */
  #crowd(place: Place): void {
    const { hardships, time } = this.#world;
    const { random } = hardships;
    for (let left = random.whole(...CROWD); left > 0; left -= 1)
      this.#people.later(
        time.now + random.between(0, 60) * SECOND,
        () => void this.#people.ask(place, this.#anyAccess(), true, 300),
      );
  }

  #anyAccess(): Access {
    const { random } = this.#world.hardships;
    if (random.chance(0.1)) return { groups: [random.pick(LENT_GROUPS)] };
    const namespaces = [...new Set([random.pick(NAMESPACES), random.pick(NAMESPACES)])];
    const policy = random.pick(["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"]);
    return { policy, scope: { type: "namespace", namespaces } };
  }
}

/** When EventBridge drops sweeps. */
export function droppedSweeps({ hardships, startedAt }: Pick<World, "hardships" | "startedAt">) {
  return hardships.has("sweepDropped") ? anySpan(hardships.random, startedAt, 12) : undefined;
}
