import { dynamoEvidenceStore } from "../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { dynamoRequestStore } from "../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { grantSessionName } from "../../../shared/domain/entries/session-name.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { CorrelatePorts } from "../../../shared/ports/function-ports.ts";
import { type Correlated, correlate } from "../../../shared/usecases/evidence/correlate.ts";
import { ACCOUNT, ALICE, aPolicy, PROD, settings } from "../../fakes/builders.ts";
import { fixedClock } from "../../fakes/fixed-clock.ts";
import { fixedRandom } from "../../fakes/fixed-random.ts";
import { memoryTrailLookup } from "../../fakes/memory-trail-lookup.ts";
import type { EksChange } from "../../simulation/evidence/eks-change.ts";
import { busEventOf, recordOf } from "../../simulation/evidence/trail-record.ts";
import { countedTables, type ItemCounts } from "./counted-tables.ts";
import { type Population, principalOf, seedGrants, TABLES } from "./grant-population.ts";
import { addedBy, beganAt, EDIT, ELEMENTS, endsAt, GRANTOR, grantId, NOW } from "./stored-grant.ts";

const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const FUSE = role("timelatch-fuse");
const DEPLOYER = role("deployer");

/** One event, and what must become of it. */
interface Case {
  /** `explainedByItsCall`: its name in the JSON. */
  readonly name: string;
  readonly what: string;
  readonly outcome: Correlated["outcome"];
  readonly change: EksChange;
}

/** Reads and writes for one event. */
export interface EventItems extends Pick<Case, "name" | "what">, ItemCounts {}

const as = (roleArn: string, sessionName: string): EksChange["caller"] => ({
  kind: "role",
  roleArn,
  sessionName,
});

/** The latest grant's access is added. */
const ADDED: EksChange = {
  operation: "AssociateAccessPolicy",
  clusterArn: PROD.arn,
  principalArn: ALICE,
  target: EDIT,
  elements: ELEMENTS,
  caller: as(GRANTOR, grantSessionName(grantId(0))),
  requestId: addedBy(0),
  at: Date.parse(beganAt(0)),
  errorCode: null,
};

/** The youngest grant whose fuse has fired: its end and the delay of a fuse are past. */
function latestFired(delaySeconds: number): number {
  let index = 0;
  while (plusSeconds(endsAt(index), delaySeconds) > NOW) index += 1;
  return index;
}

function casesOn(population: Population, fuseDelaySeconds: number): readonly Case[] {
  const fired = latestFired(fuseDelaySeconds);
  const changed: EksChange = { ...ADDED, requestId: "changed", elements: ["ns/kube-system"] };
  const fuse: EksChange = {
    ...ADDED,
    operation: "DisassociateAccessPolicy",
    principalArn: principalOf(population, fired),
    elements: [],
    caller: as(FUSE, "scheduler"),
    requestId: "fired",
    at: Date.parse(plusSeconds(endsAt(fired), fuseDelaySeconds)),
  };
  const outside = { ...changed, caller: as(role("mallory"), "mallory"), at: Date.parse(NOW) };
  const expected = { ...outside, requestId: "expected", caller: as(DEPLOYER, "deploy") };
  const created = { operation: "CreateAccessEntry", target: null, elements: [] } as const;
  const lost: EksChange = { ...ADDED, ...created, requestId: "lost" };
  return [
    { name: "recorded", what: "a call on record", outcome: "confirmed", change: ADDED },
    { name: "recordedAgain", what: "the same again", outcome: "confirmed", change: ADDED },
    { name: "lost", what: "a call that only an intent explains", outcome: "ours", change: lost },
    { name: "fuse", what: "a fuse's call", outcome: "ours", change: fuse },
    { name: "expected", what: "an expected change", outcome: "expected", change: expected },
    { name: "finding", what: "a finding", outcome: "finding", change: outside },
    { name: "findingAgain", what: "the same again", outcome: "finding", change: outside },
  ];
}

/**
 * Counts the reads and writes of correlate for one event of each kind, through the adapters of the
 * tables.
 *
 * @throws Error where an event is not explained as it must be
 */
export async function itemsPerEvent(population: Population): Promise<readonly EventItems[]> {
  const { client, seed, counts } = countedTables();
  seedGrants(seed, population);
  const ports = portsOn(client);
  const measured: EventItems[] = [];
  for (const { name, what, outcome, change } of casesOn(
    population,
    ports.settings.fuseDelaySeconds,
  )) {
    const before = counts();
    const body = busEventOf(recordOf(change, `event-${change.requestId}`, null));
    const found = await correlate(ports, body, { log: () => {} });
    if (found.outcome !== outcome)
      throw new Error(`The event '${name}' is ${found.outcome}, and not ${outcome}.`);
    const { read, written } = counts();
    measured.push({ name, what, read: read - before.read, written: written - before.written });
  }
  return measured;
}

function portsOn(client: Parameters<typeof dynamoEvidenceStore>[0]): CorrelatePorts {
  const clock = fixedClock(plusSeconds(NOW, HOUR_SECONDS));
  const expected = [{ principal: DEPLOYER, reason: "deploys clusters" }];
  return {
    requests: dynamoRequestStore(client, TABLES, fixedRandom),
    evidence: dynamoEvidenceStore(client, TABLES, fixedRandom),
    clock,
    policy: { ...aPolicy(), expected },
    settings: settings(),
    fuseRoleArn: FUSE,
    lookup: memoryTrailLookup(clock).lookup,
    pause: { for: async () => {} },
  };
}

const HOUR_SECONDS = 3_600;
