/**
 * Deployments of a policy that somebody or something has left: a person, a principal of theirs, a rule, or a
 * cluster. As synthesis and `deploy` demand, a cluster is retired first, and leaves once nothing is lent there.
 */
import { ACCESS_MAY_EXIST } from "../../../shared/domain/requests/lifecycle.ts";
import { deployed as reportDeployed } from "../oracle/refusals.ts";
import type { People, Place } from "../people/people.ts";
import { areStopping } from "../people/stoppers.ts";
import { type Random, seededRandom } from "../random.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import {
  clusterLeft,
  clusterRetired,
  type PolicyChange,
  personLeft,
  principalLeft,
  ruleLeft,
} from "./policy-change.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Departures have random numbers of their own, so that they shift nothing in the life of other seeds. */
const DEPARTURE_SEED = 0x90b3;

/** In how many seeds something leaves, and which: none of those by which a mutant of others is caught. */
const SHARE = 1 / 10;
const BUSY_SEED = 0x21a;

const KINDS = ["person", "principal", "rule", "cluster", "cluster"] as const;
const PEOPLE = ["ann", "ben", "eve", "cat"] as const;
const RULES = ["edit", "whole-cluster", "groups", "unattended"] as const;
/** Principals, each with the access that they may lose. */
const PRINCIPALS = [
  ["ann", "ann"],
  ["ann", "oncall"],
  ["ben", "oncall"],
  ["eve", "oncall"],
] as const;

export class Departures {
  readonly #world: World;
  readonly #people: Pick<People, "later" | "ask">;
  readonly #random: Random;
  readonly #areBusy: boolean;
  readonly #areStopping: boolean;

  constructor(seed: number, world: World, people: Pick<People, "later" | "ask">) {
    this.#world = world;
    this.#people = people;
    this.#areBusy = seededRandom(-seed ^ BUSY_SEED).chance(SHARE);
    this.#random = seededRandom(seed ^ DEPARTURE_SEED);
    this.#areStopping = areStopping(seed, world.hardships);
  }

  /** Plans what leaves, and when. @param span when most is asked for, in milliseconds */
  plan(places: readonly Place[], span: number): void {
    if (!this.#areBusy) return;
    const random = this.#random;
    for (let left = random.whole(1, 2); left > 0; left -= 1) {
      const at = this.#world.startedAt + random.between(MINUTE, span + 10 * MINUTE);
      const place = random.pick(places);
      this.#people.later(at, () => this.#leaves(place));
      // They ask around it, and for what is no more.
      for (let more = random.whole(1, 3); more > 0; more -= 1)
        this.#people.later(at + random.between(-3, 3) * MINUTE, () => void this.#people.ask(place));
    }
  }

  #leaves(place: Place): void {
    const random = this.#random;
    switch (random.pick(KINDS)) {
      case "cluster":
        this.#deploy("clusterRetired", clusterRetired(place.cluster));
        this.#retired(place.cluster);
        break;
      case "rule":
        this.#deploy("ruleLeft", ruleLeft(random.pick(RULES)));
        break;
      case "principal":
        this.#deploy("principalLeft", principalLeft(random.pick(PRINCIPALS)));
        break;
      case "person":
        this.#personLeaves(random.pick(PEOPLE));
    }
  }

  /** Holders of a suspended person's principal are stopped too, so that both at once say little. */
  #personLeaves(name: string): void {
    if (this.#areStopping) return;
    this.#deploy("personLeft", personLeft(name));
    this.#world.oracle.delegations.lost(name);
  }

  /** The cluster leaves the file once nothing is lent there, as `deploy` asks the API. */
  #retired(name: string, tries = 200): void {
    const { tables, time } = this.#world;
    const isLent = [...tables.requests.values()].some(
      ({ cluster, state }) => cluster.name === name && ACCESS_MAY_EXIST.has(state),
    );
    if (!isLent) this.#deploy("clusterLeft", clusterLeft(name));
    else if (tries > 0)
      this.#people.later(time.now + 30 * SECOND, () => this.#retired(name, tries - 1));
  }

  #deploy(kind: string, change: PolicyChange): void {
    const { deployed, oracle, note, tally, tables, time } = this.#world;
    note("operator", () => `deploys: ${kind}`);
    tally.count("departures", kind);
    deployed.changes(change);
    reportDeployed(oracle.facts, change);
    // Messages name who can decide. They follow at the next step, or once somebody looks.
    for (const [subject, { record }] of tables.notices) {
      const moved = { ...record, revision: record.revision + 1 };
      tables.notices.set(subject, { record: moved, dueAt: instantOf(time.now) });
    }
  }
}
