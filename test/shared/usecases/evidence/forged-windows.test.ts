/** The use of a grant whose record or history others forged: who had the access, and from when until when. */
import { expect, it } from "vitest";
import { ALICE, aPolicy, BOB, PROD } from "../../../../lab/fakes/builders.ts";
import { memoryActivityLog } from "../../../../lab/fakes/memory-activity-log.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { linked } from "../../../../shared/domain/values/hash-chain.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { recordActivity } from "../../../../shared/usecases/evidence/record-activity.ts";
import { byPolicy, EDIT, logged } from "../../domain/evidence/audit-log.ts";

/** A grant that ended after twenty minutes, with three requests before, and the function that asks the audit log. */
async function ended() {
  const before = aPolicy();
  const prod = { ...PROD, retired: false, activity: { maxScanGb: 1 } };
  const policy = { ...before, clusters: { ...before.clusters, prod } };
  const broker = memoryBroker({ policy });
  const log = memoryActivityLog();
  const did = [1, 2, 3].map((at) => logged(at * 300, { reason: byPolicy(EDIT, ALICE) }));
  log.events.set(PROD.arn, did);
  const active = await broker.activeGrant();
  broker.clock.advance(1_200);
  const { requests, settings } = broker.ports;
  const { evidence, clock, tables } = broker;
  const read = async () => {
    const run = { log: () => undefined, isTimeUp: () => false, settled: new Set<string>() };
    await recordActivity({ requests, evidence, log, clock, policy, settings }, run);
    return (await evidence.evidenceOf(active.id)).flatMap((one) =>
      one.type === "activity" ? [one.details] : [],
    );
  };
  const end = async () => {
    await broker.end(active, "return");
    await broker.settle();
    return await broker.reload(active);
  };
  return { active, end, read, clock, tables, log };
}

const WHOLE = [{ verb: "list", outcome: "allowed", count: 3 }];

it.each([
  [
    "its end",
    ({ approvedAt }: AccessRequest) => ({ endedAt: plusSeconds(approvedAt ?? "", 1) }),
    ["endedAt"],
  ],
  ["its principal", () => ({ principalArn: BOB }), ["principalArn"]],
  ["that it ended", () => ({ endedAt: null }), ["endedAt"]],
])(
  "What was done is in the evidence, and so is that the record differs, where others forged %s there",
  async (_, change, differing) => {
    const { end, read, clock, tables } = await ended();
    const grant = await end();
    tables.requests.set(grant.id, { ...grant, ...change(grant) });
    clock.advance(901);
    expect(await read()).toMatchObject([{ counts: WHOLE, differing }]);
  },
);

it("So is it where others took the record away", async () => {
  const { end, read, clock, tables } = await ended();
  const grant = await end();
  tables.requests.delete(grant.id);
  clock.advance(901);
  expect(await read()).toMatchObject([{ counts: WHOLE, until: grant.endedAt }]);
});

it("A summary of a grant whose record is as its history says nothing of that", async () => {
  const { end, read, clock } = await ended();
  await end();
  clock.advance(901);
  expect((await read()).map(({ differing }) => differing)).toEqual([undefined]);
});

it("An end that others made up is passed over for the one after converge's last call", async () => {
  const { active, end, read, clock, tables } = await ended();
  const [first] = tables.events.filter(({ requestId }) => requestId === active.id);
  const made = { ...first, seq: 400, type: "settle", from: "ending", to: "ended" };
  tables.events.push(linked({ ...made, at: plusSeconds(first?.at ?? "", 1) }) as AuditEvent);
  expect((await read()).map(({ until }) => until)).toHaveLength(1);
  const grant = await end();
  clock.advance(901);
  const last = (await read()).at(-1);
  expect(last).toMatchObject({ counts: WHOLE, until: grant.endedAt });
});
