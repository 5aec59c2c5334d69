/** Attacks by a function's own work, done falsely or left undone, and attacks on the requests table. */

import { aPolicy, PROD } from "../../lab/fakes/builders.ts";
import { identity, recordOf } from "../../lab/fakes/correlate-broker.ts";
import { fixedClock } from "../../lab/fakes/fixed-clock.ts";
import { memoryActivityLog } from "../../lab/fakes/memory-activity-log.ts";
import { memoryStandingStore } from "../../lab/fakes/memory-standing-store.ts";
import { countLateStanding } from "../../shared/usecases/clusters/late-standing.ts";
import { askActivity } from "../../shared/usecases/evidence/ask-activity.ts";
import {
  atSecond,
  EDIT as EDIT_NAME,
  LOG_START,
  logged,
} from "../shared/domain/evidence/audit-log.ts";
import { aGrant, EDIT, standing } from "../shared/domain/standing/samples.ts";
import type { Attack } from "./attack.ts";
import { append } from "./forgeries.ts";
import { DAY, type Meddling } from "./recorded-day.ts";

const GRANTOR = "arn:aws:iam::111122223333:role/timelatch-grantor";

/** A call by the grantor role after the proven end of a grant, stored as one of the grant. */
const GIVEN_AGAIN: Meddling = {
  meddle: async (broker, grant) => {
    const [call] = await broker.evidence.callsFor(grant.id);
    if (!call) throw new Error("The grant has no call.");
    const at = broker.clock.now();
    await broker.evidence.putCall({ ...call, eksRequestId: "eks-again", at });
    return [
      recordOf(
        { ...call, eksRequestId: "eks-again", at },
        { userIdentity: identity(GRANTOR, call.sessionName), eventID: "again" },
      ),
    ];
  },
};

const NEVER_MADE: Meddling = {
  looksUp: true,
  meddle: async (broker, grant) => {
    const [call] = await broker.evidence.callsFor(grant.id);
    if (!call) throw new Error("The grant has no call.");
    await broker.evidence.putCall({ ...call, eksRequestId: "eks-never" });
    return [];
  },
};

/** Whether the list of standing access has what an entry has beyond its grant. */
const isListed = () =>
  standing({ targets: { [EDIT]: ["ns/payments-api", "ns/kube-system"] } }, [aGrant()]) !==
  undefined;

/** Whether the cluster's own log, asked as a summary says, has what the summary lacks. */
async function isInLog(): Promise<boolean> {
  const log = memoryActivityLog();
  log.events.set(PROD.arn, [logged(10)]);
  const { principalArn } = aGrant();
  const window = {
    ...{ requestId: "1", clusterArn: PROD.arn, principalArn },
    access: { policy: EDIT_NAME, scope: { type: "cluster" } },
    ...{ from: LOG_START, until: atSecond(3_600) },
  } as const;
  const { counts } = await askActivity(log, window, 1);
  return counts.length > 0;
}

/** Whether sweep reports a cluster without a list. */
async function isReportedLate(): Promise<boolean> {
  const ports = {
    ...{ policy: aPolicy(), clock: fixedClock(`${DAY}T10:00:00.000Z`) },
    settings: { sweepPeriodSeconds: 60, standingEverySeconds: 21_600 },
    standing: memoryStandingStore(),
  };
  return (await countLateStanding(ports as never)) > 0;
}

const ATTACKS: readonly (Omit<Attack, "outside"> & Partial<Attack>)[] = [
  {
    deed: "add",
    what: "stores a call that was never made",
    rights: ["put a call"],
    meddling: NEVER_MADE,
  },
  {
    deed: "add",
    what: "makes up a summary of what was done with access",
    rights: ["put evidence", "be activity"],
    moments: ["fresh"],
    forge: (world) =>
      append(world, `EVID#${world.day.grant}`, {
        ...{ type: "activity", requestId: world.day.grant, at: world.now, schema: 1 },
        details: { state: "read", counts: [], streams: [], leftBehind: [] },
      }),
    probes: { use: isInLog },
    outside: "the cluster's audit log, where it is kept elsewhere",
  },
  {
    deed: "add",
    what: "puts a false record of a request, beside its history",
    outside: "the archive, where somebody has a copy",
    rights: ["put a record of a request"],
  },
  {
    deed: "change",
    what: "changes a record of a request, beside its history",
    outside: "the archive, where somebody has a copy",
    rights: ["put a record of a request"],
  },
  {
    deed: "delete",
    what: "deletes the record of a request, beside its history",
    outside: "the archive, where somebody has a copy",
    rights: ["delete a record of a request"],
  },
  {
    deed: "suppress",
    what: "summarizes nothing of what was done with access",
    rights: ["be activity"],
    probes: { kept: () => false, use: isInLog },
    outside: "the cluster's audit log, where it is kept elsewhere",
  },
  {
    deed: "suppress",
    what: "reads no standing access",
    rights: ["be standing"],
    probes: { kept: () => false, late: isReportedLate },
    outside: "EKS's own answers",
  },
  {
    deed: "suppress",
    what: "tells nobody, and publishes nothing",
    outside: "whoever gets no message",
    rights: ["be notify"],
    moments: ["fresh"],
    isPublished: true,
    probes: { told: () => false },
  },
  {
    deed: "confirm",
    what: "gives access again after its end, and stores the call as one of the grant",
    rights: ["put a call", "be converge"],
    meddling: GIVEN_AGAIN,
  },
  {
    deed: "confirm",
    what: "gives more by a call of a running grant, and stores it so",
    rights: ["put a call", "be converge"],
    moments: ["fresh"],
    probes: { standing: isListed },
  },
];

export const FUNCTION_ATTACKS: readonly Attack[] = ATTACKS.map((attack) => ({
  outside: "CloudTrail's own files",
  ...attack,
}));
