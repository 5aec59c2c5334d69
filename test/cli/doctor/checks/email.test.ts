/** The doctor's look at SES: in memory, and by AWS's client on the emulated SES. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokerSight } from "../../../../cli/doctor/aws/broker-sight.ts";
import { email } from "../../../../cli/doctor/checks/email.ts";
import { type HealthyPatient, healthyPatient } from "../../../../lab/fakes/healthy-patient.ts";
import { sesService } from "../../../../lab/sandbox/aws/ses/service.ts";
import { initialSesState } from "../../../../lab/sandbox/aws/ses/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { ACCOUNT, SAMPLE } from "../../../infra/broker.ts";
import {
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../../../lab/sandbox/aws/iam-world.ts";

const notices = { email: { from: "access@mail.example.com", configurationSet: "timelatch" } };
const POLICY = { ...SAMPLE, notices };

async function foundAfter(spoil: (world: HealthyPatient) => unknown = () => undefined) {
  const world = healthyPatient(POLICY, ACCOUNT);
  spoil(world);
  return await email.look(world.patient);
}

describe("The doctor's check of e-mail", () => {
  it("It finds a well account well, by the domain above the sender's", async () => {
    expect(await foundAfter()).toEqual([
      { ok: true, says: "SES sends" },
      { ok: true, says: "may send by the identity example.com", subject: notices.email.from },
      { ok: true, says: "tracks neither opens nor clicks", subject: "timelatch" },
      { ok: true, says: "SES suppresses nobody of access.yaml" },
    ]);
  });

  it("Without e-mail it asks nothing of SES", async () => {
    const { patient } = healthyPatient(SAMPLE, ACCOUNT);
    expect(await email.look(patient)).toEqual([
      { ok: true, says: "access.yaml names no sender of e-mail" },
    ]);
  });

  it.each<[string, (world: HealthyPatient) => unknown, RegExp]>([
    [
      "a paused account",
      ({ broker }) => Object.assign(broker.mail, { maySend: false }),
      /sends nothing/,
    ],
    [
      "a suspended account",
      ({ broker }) => Object.assign(broker.mail, { enforcement: "SHUTDOWN" }),
      /SHUTDOWN/,
    ],
    [
      "a sender that is not verified",
      ({ broker }) => Object.assign(broker.mail, { identities: ["ample.com", "com"] }),
      /neither the address/,
    ],
    [
      "a missing configuration set",
      ({ broker }) => broker.mail.sets.clear(),
      /no such configuration set/,
    ],
    [
      "tracking of clicks",
      ({ broker }) => broker.mail.sets.set("timelatch", ["CLICK", "OPEN"]),
      /tracks opens and clicks/,
    ],
    [
      "a suppressed approver",
      ({ broker }) => Object.assign(broker.mail, { suppressed: ["BOB@example.com"] }),
      /gets no e-mail/,
    ],
  ])("It finds %s, and says what to do", async (_what, spoil, says) => {
    const ill = (await foundAfter(spoil)).filter(({ ok }) => !ok);
    expect(ill).toHaveLength(1);
    expect(ill[0]?.says).toMatch(says);
    expect(ill[0]?.next).toMatch(/\S/);
  });

  it("In SES's sandbox it advises, and a suppressed person is named without their address", async () => {
    const all = await foundAfter(({ broker }) =>
      Object.assign(broker.mail, { isOutOfSandbox: false, suppressed: ["bob@example.com"] }),
    );
    expect(all[0]).toMatchObject({ ok: true, next: expect.stringContaining("production access") });
    expect(all.at(-1)).toMatchObject({ ok: false, subject: "bob" });
    expect(JSON.stringify(all)).not.toContain("bob@example.com");
  });
});

describe("The doctor's view of SES", () => {
  const ses = memoryStore(initialSesState());
  const all = role("all", { policy: document(statement("ses:*")) });
  let port: RunningPort;
  beforeAll(async () => {
    const services = [sesService({ ses, account: ACCOUNT, region: REGION })];
    port = await listen({ iam: iamStore(all), services });
  });
  afterAll(() => port.close());

  it("It is what AWS's client reads, and what is missing is no failure", async () => {
    ses.change((state) => {
      state.suppressed = { "bob@example.com": "BOUNCE" };
    });
    const { mail } = brokerSight(clientConfig(port.url, all) as never);
    expect(await mail.account()).toEqual({
      isOutOfSandbox: true,
      maySend: true,
      enforcement: "HEALTHY",
    });
    expect([await mail.isVerified("example.com"), await mail.isVerified("other.example")]).toEqual([
      true,
      false,
    ]);
    expect(await mail.eventTypes("timelatch")).toEqual(["BOUNCE", "COMPLAINT", "REJECT"]);
    expect(await mail.eventTypes("other")).toBeUndefined();
    expect(await mail.suppressed()).toEqual(["bob@example.com"]);
  });
});
