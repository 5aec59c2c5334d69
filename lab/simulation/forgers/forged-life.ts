/**
 * The life of a few grants while somebody writes into the tables, with the rights of every function
 * that faces people. Only four things are judged there, since a writer of the tables can show false
 * states, end grants early and keep others from beginning.
 */

import { GROUPS } from "../../../shared/domain/entries/access.ts";
import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import type { ElementSet } from "../../../shared/domain/values/element-set.ts";
import { sweep } from "../../../shared/usecases/converge/sweep.ts";
import { ALICE, BOB, PROD, STAGING } from "../../fakes/builders.ts";
import { APPLIED_UNANSWERED, LANDS_LATE, LOST, THROTTLED } from "../../fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../fakes/memory-broker.ts";
import type { Violation } from "../oracle/invariants.ts";
import { type Counts, Tally } from "../oracle/tally.ts";
import { type Random, seededRandom } from "../random.ts";
import { ForgedTruth, type Scene } from "./forged-truth.ts";
import { Forger } from "./forger.ts";

export interface ForgedLife {
  readonly violations: readonly Violation[];
  /** The deeds of the forger. */
  readonly counts: Counts;
}

/** The random numbers of these lives are their own. */
const FORGED_SEED = 0xf0e6;
const STEP_SECONDS = 20;
const LONGEST_STEPS = 900;
/** A run says so where it takes what is there for others'. */
const TAKEN_FOR_OTHERS = ["entry adopted by others", "fuse given up"];
const CHANGES = ["CreateAccessEntry", "AssociateAccessPolicy", "UpdateAccessEntry"];
const REMOVALS = ["DisassociateAccessPolicy", "DeleteAccessEntry"];

/** Whether a seed's life has one of these beside it: half of them. */
export const hasForgedLife = (seed: number): boolean => seed % 2 === 0;

/**
 * Plays one life. The same seed gives the same life.
 *
 * @param note takes what happens, line by line
 */
export async function forgedLife(
  seed: number,
  note: (line: string) => void = () => undefined,
): Promise<ForgedLife> {
  const random = seededRandom(seed ^ FORGED_SEED);
  const broker = memoryBroker();
  const isFaulty = random.chance(0.5);
  const mayRestoreLedgers = random.chance(0.3);
  const truth = new ForgedTruth(mayRestoreLedgers ? "restored" : isFaulty ? "faulty" : "quiet");
  const scenes = scenesOf(broker, random);
  const forger = new Forger(broker, random, truth, { scenes, mayRestoreLedgers });
  const tally = new Tally();
  let seen = 0;
  if (isFaulty) failSometimes(broker, random);
  if (random.chance(0.6))
    broker.entries.lag = {
      describe: random.whole(0, 44_000),
      list: random.whole(0, 44_000),
      judge: random.whole(0, 44_000),
    };
  const memory = {};
  const hasSweep = random.chance(0.8);
  for (let step = 0; step < LONGEST_STEPS && truth.violations.length === 0; step += 1) {
    if (step < 60 && random.chance(0.12)) await askAndApprove(broker, random, truth);
    if (step < 120 && random.chance(0.03)) await endSome(broker, random, truth);
    if (step > 3 && step < 240 && random.chance(0.05)) {
      const deed = forger.act();
      tally.count("intruder", deed);
      note(`${broker.clock.now()} forger: ${deed}`);
    }
    if (hasSweep && step % 3 === 0) await quietly(() => sweep(broker.front, memory));
    await handleMessages(broker);
    broker.clock.advance(STEP_SECONDS);
    // A call lands 300 s after it was signed at the latest.
    if (random.chance(0.2) || step % 12 === 0) broker.entries.applyLate();
    await fireTimers(broker);
    inspect(broker, truth, scenes);
    for (const { message, facts } of broker.logs.splice(0)) {
      if (TAKEN_FOR_OTHERS.includes(message)) truth.adopted(String(facts["binding"]));
      note(`${broker.clock.now()} ${message} ${JSON.stringify(facts)}`);
    }
    for (const { operation, sessionName, result } of broker.entries.calls.slice(seen))
      note(`${broker.clock.now()} ${operation} in ${sessionName}: ${result}`);
    seen = broker.entries.calls.length;
    if (step > 240 && truth.isOver(broker.clock.now())) break;
  }
  return { violations: truth.violations, counts: tally.counts };
}

function scenesOf(broker: MemoryBroker, random: Random): readonly Scene[] {
  const carol = ALICE.replace("alice", "carol");
  return (
    [
      [PROD, ALICE],
      [PROD, carol],
      [STAGING, ALICE],
      [STAGING, BOB],
    ] as const
  ).map(([cluster, principalArn]) => {
    const address = broker.addressOf(cluster.arn, principalArn);
    const owned: Readonly<Record<string, ElementSet>> = random.chance(0.4)
      ? { [random.pick([VIEW, EDIT])]: ["ns/team"] }
      : {};
    if (Object.keys(owned).length > 0)
      broker.entries.edit(address, () => ({ targets: owned }), "2026-11-01T00:00:00.000Z");
    return { address, owned, binding: bindingKey(cluster.arn, principalArn) };
  });
}

/** EKS fails a few calls in every way. Late calls land at `applyLate`. */
function failSometimes({ faults }: MemoryBroker, random: Random): void {
  faults.push(({ operation }) => {
    if (!random.chance(0.06)) return undefined;
    if (REMOVALS.includes(operation)) return random.pick([THROTTLED, LOST, APPLIED_UNANSWERED]);
    return CHANGES.includes(operation)
      ? random.pick([THROTTLED, LOST, APPLIED_UNANSWERED, LANDS_LATE])
      : THROTTLED;
  });
}

async function askAndApprove(broker: MemoryBroker, random: Random, truth: ForgedTruth) {
  const namespaces = [
    ["payments-api"],
    ["payments-web"],
    ["payments-api", "payments-web"],
  ] as const;
  const durationSeconds = random.pick([600, 1_200, 3_600]);
  const [by, ask] = random.pick([
    ["alice", { access: random.pick([edit, view])(...random.pick(namespaces)), durationSeconds }],
    [
      random.pick(["alice", "bob", "carol"]),
      {
        cluster: "staging",
        durationSeconds,
        access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
      },
    ],
    ["alice", { cluster: "staging", durationSeconds, access: { groups: ["eks-admins"] } }],
    [
      "carol",
      {
        access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
        durationSeconds: 600,
      },
    ],
  ] as const);
  await quietly(async () => {
    const asked = await broker.ask(ask, by);
    // Some wait for somebody to approve, whom the forger may play.
    if (asked.state === "pending" && random.chance(0.3)) return;
    const approved = asked.state === "approved" ? asked : await broker.approve(asked);
    truth.lends(bindingOf(approved), approved);
  });
}

const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
  bindingKey(cluster.arn, principalArn);

async function endSome(broker: MemoryBroker, random: Random, truth: ForgedTruth): Promise<void> {
  const own = [...broker.tables.requests.values()].filter((each) => each?.state === "active");
  if (own.length === 0) return;
  const grant = random.pick(own);
  await quietly(async () => {
    await broker.end(grant, "revoke", "carol");
    truth.ended(grant.id, broker.clock.now());
  });
}

/** Handles the messages sent so far. Later ones wait for the next step. */
async function handleMessages(broker: MemoryBroker): Promise<void> {
  const causes = new Map(broker.queue.sent.splice(0).map(({ subject, cause }) => [subject, cause]));
  for (const [subject, cause] of causes)
    if (/^[0-9a-f]{64}$/.test(subject))
      await quietly(() => broker.converge(subject, { isDriftCheck: cause === "drift-check" }));
}

/** Every timer comes, up to a step late. */
async function fireTimers(broker: MemoryBroker): Promise<void> {
  const { schedules, clock, entries } = broker;
  for (const [name, timer] of [...schedules.timers]) {
    if (timer.at > clock.now()) continue;
    schedules.timers.delete(name);
    if (timer.kind === "revocation") await quietly(() => broker.converge(timer.binding));
    else if (timer.target === GROUPS) entries.edit(timer.address, () => undefined);
    else
      entries.edit(timer.address, (entry) => {
        if (!entry) return undefined;
        const { [timer.target]: _taken, ...targets } = entry.targets;
        return { tags: entry.tags, targets };
      });
  }
}

function inspect(broker: MemoryBroker, truth: ForgedTruth, scenes: readonly Scene[]): void {
  const now = broker.clock.now();
  for (const scene of scenes) truth.inspect(now, scene, broker.entries.peek(scene.address));
  for (const ledger of broker.ledgers.ledgers.values()) truth.inspectLedger(now, ledger);
}

/** A run may fail, and people may be refused: its message comes again, or they give up. */
async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // A failed run is judged by its effects on the entries.
  }
}
