/** A life that stores an item of every kind. Played once for each release, and recorded. */

import { ALICE, PROD } from "../../lab/fakes/builders.ts";
import { edit, view } from "../../lab/fakes/memory-broker.ts";
import { GROUPS } from "../../shared/domain/entries/access.ts";
import { eventFindingId } from "../../shared/domain/evidence/findings/finding-record.ts";
import { withSent } from "../../shared/domain/notices/notice-record.ts";
import { beginPass, completePass, noRecord } from "../../shared/domain/standing/standing-record.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { keepReading } from "../../shared/usecases/clusters/keep-reading.ts";
import { closeReview } from "../../shared/usecases/requests/close-review.ts";
import { countCall } from "../../shared/usecases/requests/count-call.ts";
import { createRequest } from "../../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../../shared/usecases/requests/decide-request.ts";
import { escalateRequest } from "../../shared/usecases/requests/escalate-request.ts";
import { recordAttempt } from "../../shared/usecases/requests/record-attempt.ts";
import { changeStops } from "../../shared/usecases/stops/change-stops.ts";
import { aFinding, seen } from "../shared/domain/evidence/finding-drafts.ts";
import { confirmation } from "../shared/domain/evidence/samples.ts";
import { anEntry, standing } from "../shared/domain/standing/samples.ts";
import type { TableBroker } from "./table-broker.ts";

/** The facts that the reading test needs, by name. */
export interface LifeIds {
  readonly now: string;
  /** Ids of requests. */
  readonly active: string;
  readonly pending: string;
  readonly extension: string;
  readonly toReview: string;
  readonly reviewed: string;
  readonly ended: string;
  readonly delegation: string;
  readonly endedDelegation: string;
  readonly openFinding: string;
}

export const PENDING_KEY = "0123456789abcdef-golden";
export const NONCE = "golden-nonce";
export const CURSOR_DAY = "2026-11-24";

/** Alice asks for payments-web, under a key that repeats. */
export const pendingAsk = {
  cluster: "prod",
  access: edit("payments-web"),
  durationSeconds: 3_600,
  reason: "INC-4711 stuck rollout",
  principalArn: null,
  startsAt: null,
  rule: "payments-edit",
} as const;

export async function recordedLife(broker: TableBroker): Promise<LifeIds> {
  const { front, ports, clock, stored } = broker;
  await broker.checkCluster("prod");
  const requests = await decided(broker);
  const people = await peopleActs(broker);
  const openFinding = await evidenceOf(broker, requests.ended);
  await standingAccess(broker);
  await stored.cursorKeys.keyFor(CURSOR_DAY);
  await stored.pace.nextSlot("C0001", 1_000, plusSeconds(clock.now(), 60));
  await countCall(front, broker.actor("alice"), "createRequest");
  await sentNotice(broker, requests.active);
  await changeStops(front, broker.actor("carol"), "suspend", "mallory", "her laptop is gone");
  // Converge copies the stop before it adds anything.
  await broker.converge();
  await ports.circuits.save(PROD.arn, { failures: 2, openUntil: null });
  return { now: clock.now(), ...requests, ...people, openFinding };
}

/** Requests in every state that something still happens to. */
async function decided(broker: TableBroker) {
  const { front, clock } = broker;
  const denied = await broker.ask({ access: view("payments-a") });
  await decideRequest(
    front,
    { ...broker.actor("bob"), surface: "slack", nonce: NONCE },
    denied.id,
    {
      verdict: "deny",
      digest: denied.digest,
      note: "not now",
    },
  );
  const cancelled = await broker.ask({ access: view("payments-b") });
  await broker.end(cancelled, "cancel");
  const ended = await broker.activeGrant({ access: view("payments-c"), durationSeconds: 600 });
  await broker.convergeAtEnd(ended);
  await broker.settle(420);
  const glass = async (namespace: string) => {
    const asked = await broker.ask({ access: edit(namespace) });
    const approved = await escalateRequest(front, broker.actor("alice"), asked.id, null);
    await broker.converge();
    return approved;
  };
  const reviewed = await glass("payments-e");
  await broker.end(reviewed, "return");
  await broker.converge();
  await broker.settle(420);
  await closeReview(front, broker.actor("bob"), reviewed.id, "looked at it");
  const toReview = await glass("payments-d");
  const active = await broker.activeGrant({ durationSeconds: 7_200 });
  const extension = await broker.extend(active, {
    durationSeconds: 3_600,
    reason: "still stuck on it",
  });
  const pending = await createRequest(front, broker.actor("alice"), pendingAsk, PENDING_KEY);
  await recordAttempt(front, pending.id, {
    tried: "approve",
    why: "not-an-approver",
    who: "mallory",
    surface: "slack",
    proof: { signature: "x" },
    nonce: `${NONCE}-2`,
  });
  clock.advance(30);
  return {
    active: active.id,
    pending: pending.id,
    extension: extension.id,
    toReview: toReview.id,
    reviewed: reviewed.id,
    ended: ended.id,
  };
}

async function peopleActs(broker: TableBroker) {
  const delegation = await broker.delegate("bob", "carol");
  const over = await broker.delegate("bob", "dora");
  await broker.endDelegation(over);
  return { delegation: delegation.id, endedDelegation: over.id };
}

async function evidenceOf(
  { stored: { evidence }, clock }: TableBroker,
  requestId: string,
): Promise<string> {
  const at = clock.now();
  await evidence.putIntent({
    sessionName: `timelatch-${requestId}`,
    clusterArn: PROD.arn,
    principalArn: ALICE,
    calls: [
      { operation: "CreateAccessEntry", target: null, elements: [], requestIds: [requestId] },
    ],
    owners: {},
    from: at,
    until: plusSeconds(at, 308),
  });
  await evidence.appendEvidence(confirmation(requestId));
  await evidence.appendFinding(aFinding("open", at, [requestId]));
  await evidence.appendFinding(aFinding("seen", at, [requestId]));
  await evidence.appendFinding(seen("seen"));
  return eventFindingId("open");
}

async function standingAccess({ clock, stored: { standing: store, readings } }: TableBroker) {
  const begun = beginPass(noRecord(PROD.arn, clock.now()), "pass-1", clock.now());
  const entry = standing(anEntry({ targets: { [GROUPS]: ["group/admins"] } }));
  if (!entry || !begun.reading) throw new Error("Nothing stands.");
  await store.put(PROD.arn, "pass-1", entry);
  const complete = completePass(begun, { ...begun.reading, read: 1 }, clock.now());
  await store.save(await keepReading({ store, readings }, complete));
}

async function sentNotice({ stored: { notices }, clock }: TableBroker, requestId: string) {
  const record = await notices.load(requestId);
  if (!record) throw new Error("There is no notice record.");
  const message = { channel: "C0001", timestamp: "1.000001", at: clock.now(), hash: "shown" };
  await notices.save(withSent(record, "post", message));
}
