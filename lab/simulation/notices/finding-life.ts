/**
 * The life of a few findings: they are recorded, CloudTrail repeats their events, and people
 * acknowledge them, while Slack, the bus, the tables, notify and its queue fail as a seed draws it.
 */
import {
  FINDING_CODES,
  type FindingDraft,
} from "../../../shared/domain/evidence/findings/finding-record.ts";
import { findingSubject } from "../../../shared/domain/notices/subject.ts";
import { ServiceFailed } from "../network/service-failed.ts";
import type { Violation } from "../oracle/invariants.ts";
import type { NoticeCounts } from "../oracle/notice-truth.ts";
import { type Random, seededRandom } from "../random.ts";
import { CLUSTERS, role } from "../sim-policy.ts";
import { instantOf } from "../virtual-time.ts";
import { makeWorld, type World } from "../world.ts";
import { isInOutage } from "./asking-life.ts";
import type { SlackHealth } from "./notice-profile.ts";

export interface FindingLife {
  readonly violations: readonly Violation[];
  readonly notices: NoticeCounts;
  readonly findings: number;
  /** How many acknowledgements were stored. */
  readonly acknowledgements: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Findings have random numbers of their own, as notices have. */
const FINDING_SEED = 0xf1d;
/** Long after the last fault, whatever is not shown by then is lost. */
const LONGEST = 6 * HOUR;

/** Plays one life until nothing is left to show. The same seed gives the same life. */
export async function findingLife(
  seed: number,
  slack: SlackHealth = "drawn",
): Promise<FindingLife> {
  const world = makeWorld(seed, { without: new Set(), slack, evidence: "absent" }, () => undefined);
  const { time, startedAt, oracle } = world;
  const plot = plotOf(world, seededRandom(seed ^ FINDING_SEED));
  for (const { at, act } of plot) time.at(at, act);
  const lastAt = Math.max(...plot.map(({ at }) => at));
  const sweepAt = (minute: number) => {
    time.at(minute, () => {
      if (isInOutage(world)) oracle.notices.allDelayed();
      void world.notify.sweep();
      sweepAt(minute + MINUTE);
    });
  };
  sweepAt(startedAt + MINUTE);
  let isOver = false;
  const look = () => {
    oracle.notices.inspect();
    const isShown = time.now > lastAt && world.notify.isIdle && oracle.notices.isQuiet();
    isOver = isShown || time.now - startedAt > LONGEST;
    if (!isOver) time.after(20 * SECOND, look);
  };
  look();
  await time.run(() => isOver || oracle.violations.length > 0);
  const stored = [...(await recordsOf(world))];
  const count = (type: FindingDraft["type"]) => stored.filter((one) => one.type === type).length;
  return {
    violations: oracle.violations,
    notices: oracle.notices.counts,
    findings: count("finding"),
    acknowledgements: count("acknowledgement"),
  };
}

interface Turn {
  readonly at: number;
  readonly act: () => void;
}

const CLUSTER = Object.values(CLUSTERS)[0] ?? "";
const CHAIN = `${CLUSTER}#2026-11`;

const recordsOf = (world: World) => world.findings.findingsIn(CHAIN);

function plotOf(world: World, random: Random): readonly Turn[] {
  const { startedAt } = world;
  return Array.from({ length: random.whole(1, 4) }, (_, n) => {
    const findingId = String(n).padStart(32, "0");
    const at = startedAt + random.between(0, HOUR);
    const record = () => void append(world, findingDraft(world, random, findingId));
    const repeats = random.whole(0, 2);
    const notes = random.pick([[], [], ["Looking"], ["Planned"], ["Looking", "Planned"]] as const);
    return [
      { at, act: record },
      // CloudTrail delivers the same event again.
      ...Array.from({ length: repeats }, () => ({
        at: at + random.between(0, 20 * MINUTE),
        act: record,
      })),
      ...notes.map((note, turn) => ({
        at: at + (turn + 1) * random.between(1, 40 * MINUTE),
        act: () => void append(world, acknowledgementDraft(world, findingId, note)),
      })),
    ];
  }).flat();
}

/** Stores a record and wakes notify, unless the function ends between the two. */
async function append(world: World, draft: FindingDraft): Promise<void> {
  if (!(await world.findings.appendFinding(draft)) || draft.type === "expected") return;
  try {
    world.notify.wake(findingSubject(draft.details.findingId));
  } catch (error) {
    if (!(error instanceof ServiceFailed)) throw error;
  }
}

function findingDraft({ time }: World, random: Random, findingId: string): FindingDraft {
  const at = instantOf(time.now);
  const code = random.pick(FINDING_CODES);
  const principalArn = role("ann");
  const base = { type: "finding", chain: CHAIN, at } as const;
  const common = { findingId, requestIds: [] } as const;
  const missing = { ...common, eksRequestId: `call-${findingId}`, principalArn, calledAt: at };
  if (code === "missing-event") return { ...base, details: { ...missing, code } };
  const event = anyChange(findingId, principalArn, at);
  const { policyArn: target } = event;
  const found = { ...common, event, eventKey: event.eventId, target, before: null, after: [] };
  return { ...base, details: { ...found, code, differs: [] } };
}

const anyChange = (findingId: string, principalArn: string, eventTime: string) => ({
  eventId: `event-${findingId}`,
  eksRequestId: null,
  eventTime,
  operation: "DisassociateAccessPolicy" as const,
  account: "111122223333",
  region: "us-west-2",
  clusterArn: CLUSTER,
  principalArn,
  policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
  scope: null,
  groups: null,
  username: null,
  caller: {
    type: "AssumedRole",
    arn: "arn:aws:sts::111122223333:assumed-role/other/session",
    accountId: "111122223333",
    roleArn: role("other"),
    sessionName: "session",
    sourceIdentity: null,
    accessKeyId: null,
    invokedBy: null,
  },
  errorCode: null,
  sourceIp: null,
  userAgent: null,
  addendum: null,
  sha256: "0".repeat(64),
});

const acknowledgementDraft = ({ time }: World, findingId: string, note: string): FindingDraft => ({
  type: "acknowledgement",
  chain: CHAIN,
  at: instantOf(time.now),
  details: { findingId, actor: "cat", note, proof: {} },
});
