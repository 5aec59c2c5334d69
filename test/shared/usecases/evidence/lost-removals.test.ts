/** Removals whose own record was lost: what explains them, and what does not. */
import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { EDIT, edit, VIEW, view } from "../../../../lab/fakes/memory-broker.ts";
import type { MemoryBrokerOptions } from "../../../../lab/fakes/memory-broker-parts.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { grantSessionName } from "../../../../shared/domain/entries/session-name.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { StopType } from "../../../../shared/domain/stops/stops.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { changeStops } from "../../../../shared/usecases/stops/change-stops.ts";

type Broker = ReturnType<typeof correlateBroker>;

const GRANTOR = `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`;
const DELETION = { operation: "DeleteAccessEntry", target: null } as const;

/** A broker that loses the record of every call. */
function forgetfulBroker(options: MemoryBrokerOptions = {}): Broker {
  const broker = correlateBroker(options);
  broker.breakPort("evidence.putCall", new Error("down"));
  return broker;
}

/** CloudTrail's record of a removal that was made in a grant's session, at an instant. */
const aRemoval = (
  { id }: Pick<AccessRequest, "id">,
  at: string,
  changes: Partial<RecordedCall> = {},
): object =>
  recordOf({
    eksRequestId: "9f1c2d3e-0000-4000-8000-00000000000f",
    operation: "DisassociateAccessPolicy",
    clusterArn: PROD.arn,
    principalArn: ALICE,
    target: EDIT,
    elements: [],
    roleArn: GRANTOR,
    sessionName: grantSessionName(id),
    at,
    result: "ok",
    requestIds: [],
    ...changes,
  });

/** The event comes after its record had its time. */
async function delivered(broker: Broker, removal: object) {
  broker.clock.advance(900);
  return await broker.deliver(removal);
}

/** In seconds: a call that was sent before has landed by then. */
const LANDED = 360;

/** A grant that is over, while another of the same policy is active. */
async function beforeAnother() {
  const broker = forgetfulBroker();
  const first = await broker.activeGrant();
  await broker.activeGrant({ access: edit("payments-jobs") });
  broker.clock.advance(LANDED);
  await broker.end(first, "return");
  await broker.converge();
  return { broker, first };
}

const EXPLAINED = { outcome: "ours", why: "removal" };
const FINDING = { outcome: "finding", finding: { code: "grantor-outside-call" } };

describe("Removals of the broker whose record was lost", () => {
  it("A deletion is explained although another grant is on the entry by now", async () => {
    const broker = forgetfulBroker();
    const first = await broker.activeGrant();
    await broker.end(first, "return");
    await broker.converge();
    const at = broker.clock.now();
    await broker.settle(120);
    await broker.activeGrant({ access: view("payments-api") });
    expect(await delivered(broker, aRemoval(first, at, DELETION))).toMatchObject(EXPLAINED);
  });

  it("A removal is explained although the suspension that caused it was stored later, and is lifted", async () => {
    const broker = forgetfulBroker({ policy: withAdmins() });
    const grant = await broker.activeGrant();
    const change = (type: StopType, by: string) =>
      changeStops(broker.front, broker.actor(by), type, "alice", "her laptop is gone");
    await change("suspend", "carol");
    const repair = broker.breakPort("requests.save", new Error("The table takes nothing."));
    await broker.converge().catch(() => undefined);
    const at = broker.clock.now();
    repair();
    await change("lift", "dora");
    broker.clock.advance(60);
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(await delivered(broker, aRemoval(grant, at, DELETION))).toMatchObject(EXPLAINED);
  });

  it("A removal in the second of the return is explained, though CloudTrail cuts that second off", async () => {
    const broker = forgetfulBroker();
    broker.clock.set(plusSeconds(broker.clock.now(), 0.4));
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    await broker.converge();
    expect(await delivered(broker, aRemoval(grant, broker.clock.now()))).toMatchObject(EXPLAINED);
  });

  it("A removal in the session of an extension is explained, though it added nothing itself", async () => {
    const broker = forgetfulBroker();
    const first = await broker.activeGrant();
    broker.clock.advance(60);
    const extension = await broker.activeGrant();
    await broker.end(first, "return");
    await broker.end(extension, "return");
    await broker.converge();
    const at = broker.clock.now();
    expect(await delivered(broker, aRemoval(extension, at))).toMatchObject(EXPLAINED);
  });

  it("A removal need not leave the access of a grant that EKS never gave it", async () => {
    const broker = forgetfulBroker();
    const first = await broker.activeGrant();
    broker.faults.push(({ operation }) =>
      operation === "AssociateAccessPolicy"
        ? { failure: "throttled", code: "ThrottlingException" }
        : undefined,
    );
    await broker.grant({ access: edit("payments-jobs") });
    await broker.converge();
    await broker.end(first, "return");
    await broker.converge();
    expect(await delivered(broker, aRemoval(first, broker.clock.now()))).toMatchObject(EXPLAINED);
  });

  it("The deletion of what a grant left that was never active is explained before its end", async () => {
    const broker = forgetfulBroker();
    broker.faults.push(({ operation }) =>
      operation === "AssociateAccessPolicy"
        ? { failure: "throttled", code: "ThrottlingException" }
        : undefined,
    );
    const grant = await broker.grant();
    await broker.converge();
    const at = broker.clock.now();
    broker.clock.advance(60);
    await broker.end(grant, "cancel");
    await broker.settle(400);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(await delivered(broker, aRemoval(grant, at, DELETION))).toMatchObject(EXPLAINED);
  });

  it("A deletion before any read proved a grant's access is explained while the grant is approved", async () => {
    const broker = forgetfulBroker();
    broker.faults.push(({ operation }) =>
      operation === "AssociateAccessPolicy"
        ? { failure: "throttled", code: "ThrottlingException" }
        : undefined,
    );
    const grant = await broker.grant();
    await broker.converge();
    const deletion = aRemoval(grant, broker.clock.now(), DELETION);
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    expect(await delivered(broker, deletion)).toMatchObject(EXPLAINED);
  });

  it("A deletion that lands on the next grant is explained, as a call without an answer may", async () => {
    const broker = forgetfulBroker();
    const first = await broker.activeGrant();
    await broker.end(first, "return");
    await broker.settle(120);
    await broker.activeGrant({ access: view("payments-api") });
    broker.clock.advance(60);
    const at = broker.clock.now();
    expect(await delivered(broker, aRemoval(first, at, DELETION))).toMatchObject(EXPLAINED);
  });

  it("A removal that finds nothing is explained, though an active grant should be there", async () => {
    const { broker, first } = await beforeAnother();
    const removal = aRemoval(first, broker.clock.now());
    const errorCode = "ResourceNotFoundException";
    expect(await delivered(broker, { ...removal, errorCode })).toMatchObject(EXPLAINED);
  });

  it.each([undefined, "AccessDeniedException", "InvalidRequestException"])(
    "A removal from an active grant that ends with %s stays a finding",
    async (errorCode) => {
      const { broker, first } = await beforeAnother();
      const removal = aRemoval(first, broker.clock.now());
      expect(await delivered(broker, { ...removal, errorCode })).toMatchObject(FINDING);
    },
  );

  it("A removal before the suspension that ended its grant stays a finding", async () => {
    const broker = forgetfulBroker({ policy: withAdmins() });
    const grant = await broker.activeGrant();
    broker.clock.advance(LANDED);
    const removal = aRemoval(grant, broker.clock.now(), DELETION);
    broker.clock.advance(60);
    await changeStops(
      broker.front,
      broker.actor("carol"),
      "suspend",
      "alice",
      "her laptop is gone",
    );
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "suspended" } });
    expect(await delivered(broker, removal)).toMatchObject(FINDING);
  });

  it("More than a grant leaves stays a finding, though EKS found no entry", async () => {
    const { broker, first } = await beforeAnother();
    const associates = {
      operation: "AssociateAccessPolicy",
      elements: ["ns/kube-system"],
    } as const;
    const change = aRemoval(first, broker.clock.now(), associates);
    const errorCode = "ResourceNotFoundException";
    expect(await delivered(broker, { ...change, errorCode })).toMatchObject(FINDING);
  });

  it("A removal in the session of a grant that is to begin later stays a finding", async () => {
    const broker = forgetfulBroker();
    const startsAt = plusSeconds(broker.clock.now(), 3_600);
    const grant = await broker.activeGrant({ startsAt });
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    const removal = aRemoval(grant, broker.clock.now());
    expect(await delivered(broker, removal)).toMatchObject(FINDING);
  });

  it("A deletion while another grant is active stays a finding", async () => {
    const broker = forgetfulBroker();
    const first = await broker.activeGrant();
    await broker.activeGrant({ access: view("payments-api") });
    broker.clock.advance(LANDED);
    await broker.end(first, "return");
    await broker.converge();
    const at = broker.clock.now();
    expect(await delivered(broker, aRemoval(first, at, DELETION))).toMatchObject(FINDING);
  });

  it("A removal from an active grant in the session of an older one stays a finding", async () => {
    const broker = forgetfulBroker();
    const first = await broker.activeGrant();
    await broker.activeGrant({ access: view("payments-api") });
    broker.clock.advance(LANDED);
    await broker.end(first, "return");
    await broker.converge();
    const removal = aRemoval(first, broker.clock.now(), { target: VIEW });
    expect(await delivered(broker, removal)).toMatchObject(FINDING);
  });

  it("The session of a grant on another entry explains nothing", async () => {
    const broker = forgetfulBroker();
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    await broker.converge();
    const elsewhere = { principalArn: `arn:aws:iam::${ACCOUNT}:role/people/bob` };
    const removal = aRemoval(grant, broker.clock.now(), elsewhere);
    expect(await delivered(broker, removal)).toMatchObject(FINDING);
  });
});
