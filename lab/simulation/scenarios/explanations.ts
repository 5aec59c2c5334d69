/** Scenarios: what CloudTrail shows of calls whose own record was lost. */
import {
  bindingSessionName,
  grantSessionName,
} from "../../../shared/domain/entries/session-name.ts";
import type { RecordedCall } from "../../../shared/domain/evidence/calls/recorded-call.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { ACCOUNT, ALICE, PROD } from "../../fakes/builders.ts";
import { correlateBroker, FUSE_ROLE, recordOf } from "../../fakes/correlate-broker.ts";
import { APPLIED_UNANSWERED } from "../../fakes/faults.ts";
import { EDIT } from "../../fakes/memory-broker.ts";

const NOT_FOUND = "ResourceNotFoundException";

type OwnFacts = Pick<RecordedCall, "sessionName" | "at"> & Partial<RecordedCall>;

/** A removal of Edit on Alice's entry. */
const removing = (call: OwnFacts): RecordedCall => ({
  eksRequestId: "9f1c2d3e-0000-4000-8000-00000000000f",
  operation: "DisassociateAccessPolicy",
  clusterArn: PROD.arn,
  principalArn: ALICE,
  target: EDIT,
  elements: [],
  roleArn: `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`,
  result: "ok",
  requestIds: [],
  ...call,
});

/** CloudTrail's record of it. */
const aRemoval = (call: OwnFacts, record: Readonly<Record<string, unknown>> = {}): object =>
  recordOf(removing(call), record);

/** The addition of what alice's grant lends. */
const adding = (call: OwnFacts): RecordedCall =>
  removing({ operation: "AssociateAccessPolicy", elements: ["ns/payments-api"], ...call });

export const EXPLANATIONS = {
  /** A grant's removal finds nothing, its record is lost, and another grant of the policy runs. */
  "a removal took nothing from a running grant": async () => {
    const broker = correlateBroker();
    broker.breakPort("evidence.putCall", new Error("down"));
    const first = await broker.activeGrant();
    await broker.activeGrant({ access: { policy: "AmazonEKSEditPolicy", scope: JOBS } });
    broker.clock.advance(400);
    await broker.end(first, "return");
    await broker.converge();
    const call = { sessionName: grantSessionName(first.id), at: broker.clock.now() };
    const removal = aRemoval({ ...call, result: NOT_FOUND }, { errorCode: NOT_FOUND });
    broker.clock.advance(900);
    return (await broker.deliver(removal)).outcome === "ours";
  },

  /** A call carries what the owner has, without an answer. The owner deletes the entry, and converge removes. */
  "a call set again what the owner deletes": async () => {
    const broker = correlateBroker();
    broker.othersHad({ [EDIT]: ["ns/reports"] });
    broker.failNext("AssociateAccessPolicy", APPLIED_UNANSWERED);
    await broker.activeGrant();
    broker.breakPort("evidence.putCall", new Error("down"));
    broker.clock.advance(60);
    broker.othersDelete();
    await broker.converge();
    const call = { sessionName: bindingSessionName(broker.binding), at: broker.clock.now() };
    const removal = aRemoval({ ...call, result: NOT_FOUND }, { errorCode: NOT_FOUND });
    broker.clock.advance(900);
    return (await broker.deliver(removal)).outcome === "ours";
  },

  /** Somebody with converge's role removes a policy in the session of a grant that has not begun. */
  "an intruder removes in the session of a grant that waits": async () => {
    const broker = correlateBroker();
    const startsAt = plusSeconds(broker.clock.now(), 7_200);
    const grant = await broker.grant({ startsAt });
    broker.clock.advance(600);
    const removal = aRemoval({ sessionName: grantSessionName(grant.id), at: broker.clock.now() });
    broker.clock.advance(900);
    return (await broker.deliver(removal)).outcome === "finding";
  },

  /** Somebody with a session of the grantor role gives the access again in the second of its end. */
  "access is given again after a proven end": async () => {
    const broker = correlateBroker();
    broker.breakPort("evidence.putCall", new Error("down"));
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    await broker.converge();
    await broker.settle(120);
    const { endedAt } = await broker.reload(grant);
    if (endedAt === null) return false;
    broker.clock.set(plusSeconds(endedAt, 900));
    const again = adding({ sessionName: grantSessionName(grant.id), at: endedAt });
    return (await broker.deliver(recordOf(again))).outcome === "finding";
  },

  /** The same call comes twice in the grant's session, and neither is on record. */
  "a call is made once more than it was intended": async () => {
    const broker = correlateBroker();
    broker.breakPort("evidence.putCall", new Error("down"));
    const grant = await broker.activeGrant();
    const call = adding({ sessionName: grantSessionName(grant.id), at: broker.clock.now() });
    broker.clock.advance(900);
    const first = await broker.deliver(recordOf(call));
    const second = await broker.deliver(recordOf({ ...call, eksRequestId: "second" }));
    return first.outcome === "ours" && second.outcome === "finding";
  },

  /** A writer of the requests table stores a call of another role, and makes it. */
  "somebody stores a call of their own role": async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/people/mallory`;
    const call = adding({
      roleArn,
      sessionName: grantSessionName(grant.id),
      at: broker.clock.now(),
    });
    await broker.evidence.putCall(call);
    broker.clock.advance(900);
    return (await broker.deliver(recordOf(call))).outcome === "finding";
  },

  /** A function that faces people gives a grant's record an hour more. Its fuse fires at the approved end. */
  "a record is given a later end": async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const later = (at: string | null) => plusSeconds(at ?? "", 3_600);
    const { revokeAt, expiresAt } = grant;
    const forged = { ...grant, revokeAt: later(revokeAt), expiresAt: later(expiresAt) };
    broker.tables.requests.set(grant.id, forged);
    const at = plusSeconds(expiresAt ?? "", 300);
    broker.clock.set(plusSeconds(at, 900));
    const removal = aRemoval({ roleArn: FUSE_ROLE, sessionName: "scheduler", at });
    return (await broker.deliver(removal)).outcome === "ours";
  },
};

const JOBS = { type: "namespace", namespaces: ["payments-jobs"] } as const;
