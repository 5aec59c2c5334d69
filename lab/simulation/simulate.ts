import type { CallRecord } from "../../shared/domain/requests/evidence.ts";
import type { EvidenceHealth } from "./evidence/evidence-profile.ts";
import { Departures } from "./faults/departures.ts";
import { neededPlace, Operators } from "./faults/operators.ts";
import { type Life, live } from "./live.ts";
import type { SlackHealth } from "./notices/notice-profile.ts";
import type { EvidenceCounts } from "./oracle/evidence-truth.ts";
import type { Violation } from "./oracle/invariants.ts";
import type { NoticeCounts } from "./oracle/notice-truth.ts";
import { takesNoEntries } from "./oracle/refusals.ts";
import type { Counts } from "./oracle/tally.ts";
import { Delegators } from "./people/delegators.ts";
import { Escalators } from "./people/escalators.ts";
import { Extenders } from "./people/extenders.ts";
import { Impatient } from "./people/impatient.ts";
import { Intruder } from "./people/intruder.ts";
import { Machines } from "./people/machines.ts";
import { Outsiders } from "./people/outsiders.ts";
import { standingEntry } from "./people/owner-entries.ts";
import { bindingOf, People, type Place, placeOf } from "./people/people.ts";
import { Shifts } from "./people/shifts.ts";
import { Stoppers } from "./people/stoppers.ts";
import { Tickets } from "./people/tickets.ts";
import type { Profile, Without } from "./profile.ts";
import { addressOf, PRINCIPALS } from "./sim-policy.ts";
import { recordOf, type SimulatedRecord } from "./simulated-record.ts";
import { StatusReaders } from "./status/status-readers.ts";
import { sweepAgain, sweepEachMinute } from "./sweeps.ts";
import { instantOf } from "./virtual-time.ts";
import { makeWorld, type World } from "./world.ts";

export interface SimulationResult {
  readonly seed: number;
  readonly profile: Profile["name"];
  readonly violations: readonly Violation[];
  /** How many requests people made, and how many port calls the broker's functions made. */
  readonly requests: number;
  readonly calls: number;
  readonly notices: NoticeCounts;
  readonly evidence: EvidenceCounts;
  /** How often each fault, overlap, fence and crash occurred, and how ends were judged. */
  readonly counts: Counts;
  /** Calls that change entries, in order. */
  readonly changes: readonly CallRecord[];
  /** The record that people left, and the policies that judged it; undefined where somebody forged a part of it. */
  readonly record: SimulatedRecord | undefined;
  /** The trace of the run, line by line; empty unless `traced`. */
  readonly trace: readonly string[];
}

export interface SimulationOptions {
  /** Kinds of unkindness to leave out (default: none). */
  readonly without?: Without;
  readonly traced?: boolean;
  /** How Slack fares (default: as the seed draws it). */
  readonly slack?: SlackHealth;
  /** How evidence fares (default: as the seed draws it). */
  readonly evidence?: EvidenceHealth;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Plays the life of a few grants until nothing is left. The same seed gives the same life. */
export async function simulate(
  seed: number,
  {
    traced = false,
    without = new Set(),
    slack = "drawn",
    evidence = "drawn",
  }: SimulationOptions = {},
): Promise<SimulationResult> {
  const trace: string[] = [];
  const world = makeWorld(seed, { without, slack, evidence }, (at, actor, what) => {
    if (traced) trace.push(`${instantOf(at).slice(11, 23)} ${actor.padEnd(14)} ${what()}`);
  });
  world.note("run", () => JSON.stringify(world.profile));
  const people = new People(world);
  const places = prepare(world);
  const life = { isOver: false };
  play(world, people, { places, seed }, life);
  await live(world, people, life);
  const { oracle } = world;
  const before = {
    calls: world.calls(),
    notices: oracle.notices.counts,
    changes: [...world.entries.calls],
  };
  if (!world.profile.sweep) await sweepAgain(world);
  if (oracle.violations.length === 0) oracle.conclude(world.entries.calls);
  if (oracle.violations.length === 0) await settleEvidence(world);
  return {
    seed,
    profile: world.profile.name,
    violations: oracle.violations,
    requests: world.tables.requests.size,
    ...before,
    evidence: oracle.evidence.counts,
    counts: world.tally.counts,
    record: recordOf(world),
    trace,
  };
}

/** Chooses the few entries of this run. Others created some of them before. */
function prepare(world: World): readonly Place[] {
  const { random, oracle, hardships } = world;
  const all = ["one", "two", "far"].flatMap((cluster) =>
    PRINCIPALS.map((principal) => placeOf(cluster, principal)),
  );
  const first = random.pick(all);
  const more = random.some(all, 0.12).filter((place) => place !== first);
  const needed = neededPlace(hardships);
  const drawn = [first, ...more].slice(0, 3);
  const isThere = drawn.some(
    (place) => place.cluster === needed?.cluster && place.principal === needed.principal,
  );
  const places = needed && !isThere ? [...drawn, needed] : drawn;
  for (const place of places) {
    if (random.chance(0.4) && place.cluster !== hardships.configMapCluster)
      standingEntry(world, place);
    const address = addressOf(place.cluster, place.principal);
    oracle.watchOver(bindingOf(place), `${place.cluster}/${place.principal}`, address);
  }
  if (hardships.configMapCluster !== undefined)
    takesNoEntries(oracle.facts, hardships.configMapCluster);
  return places;
}

/** The actors that do more than ask and decide, and those that write into the tables. */
function actorsOf(seed: number, world: World, people: People) {
  const intruder = new Intruder(world);
  const extenders = new Extenders(seed, world, { people, intruder });
  const status = new StatusReaders(seed, world);
  people.whoFollow({
    extend: (place, id) => extenders.plan(place, id),
    ended: (person, request, verb) => status.ended(person, request, verb),
  });
  return {
    status,
    intruder,
    delegators: new Delegators(seed, world, { people, intruder }),
    escalators: new Escalators(seed, world, people),
    planners: [new Shifts(seed, world, people), new Tickets(seed, world, people), status],
  };
}

/** Plans what people and others will do, and when. */
function play(
  world: World,
  people: People,
  { places, seed }: { readonly places: readonly Place[]; readonly seed: number },
  life: Life,
): void {
  const { random, profile, time, startedAt } = world;
  const outsiders = new Outsiders(world, people);
  const { intruder, delegators, escalators, planners, status } = actorsOf(seed, world, people);
  const at = (from: number, to: number, act: (place: Place) => void) =>
    people.later(startedAt + random.between(from, to), () => act(random.pick(places)));
  // Close together, so that they overlap.
  const span = random.pick([2, 15, 45]) * MINUTE;
  for (const actors of [delegators, escalators]) actors.begin(span);
  for (let left = random.whole(1, 6); left > 0; left -= 1)
    at(0, span, (place) => {
      void people.ask(place);
      if (random.chance(0.25)) void people.ask(place);
    });
  if (profile.busy) {
    const place = random.pick(places);
    const from = startedAt + random.between(0, span);
    for (let passed = 0; passed < 6 * MINUTE; passed += 10 * SECOND)
      people.later(from + passed, () => void people.ask(place));
  }
  for (let left = profile.edits; left > 0; left -= 1)
    at(0, span + 20 * MINUTE, (place) => outsiders.edit(place));
  for (let left = profile.forgeries; left > 0; left -= 1)
    at(0, span + 5 * MINUTE, () => intruder.forge());
  new Stoppers(seed, world, { people, status }).plan(places, span);
  new Operators(world, people).plan(places, span);
  new Departures(seed, world, people).plan(places, span);
  new Impatient(seed, world, people).plan(places, span);
  new Machines(seed, world, { people, intruder }).plan(places, span);
  for (const actors of planners) actors.plan(places, span);
  if (random.chance(0.2)) at(0, span + 10 * MINUTE, (place) => people.knock(place));
  if (random.chance(profile.scheduleDeleted))
    at(0, span + 10 * MINUTE, () => outsiders.deleteSchedules());
  if (profile.sweep && random.chance(0.06)) at(0, span, (place) => outsiders.recreateRole(place));
  if (profile.sweep && random.chance(0.04)) at(0, span, (place) => outsiders.deleteCluster(place));
  for (const { service, from, to } of profile.outages)
    if (service === "sqs" || service === "dynamodb")
      time.at(startedAt + from, () => world.oracle.unreachable(startedAt + to));
  const { ownRegionDown: down } = world;
  if (down) time.at(down.from, () => world.oracle.unreachable(down.to));
  world.evidence.begin();
  world.others.begin(world.evidenceProfile.strangers);
  sweepEachMinute(world, life);
}

/** How long after the last grant everything must be recorded: a day, late records, and a retry of each. */
const EVIDENCE_WITHIN = 72 * HOUR;

/** Lets time pass until CloudTrail has shown every call, or not for a day. */
async function settleEvidence({ time, oracle, evidence, evidenceStore, ...world }: World) {
  if (world.evidenceProfile.isAbsent) return;
  world.note("evidence", () => "the grants are over");
  const last = time.now + EVIDENCE_WITHIN;
  let isSettled = false;
  const look = async () => {
    isSettled = (await evidence.isSettled()) || time.now > last;
    if (!isSettled) time.after(10 * MINUTE, () => void look());
  };
  await look();
  await time.run(() => isSettled || oracle.violations.length > 0);
  if (oracle.violations.length === 0)
    await oracle.evidence.conclude(evidenceStore, oracle.ends.leftAt);
}
