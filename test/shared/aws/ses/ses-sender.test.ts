/** E-mail by SES, on the sandbox's emulator: the wire, its refusals, and to whom mail goes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { initialSesState } from "../../../../lab/sandbox/aws/ses/state.ts";
import { sesCall } from "../../../../shared/aws/ses/ses-call.ts";
import { sesSender } from "../../../../shared/aws/ses/ses-sender.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { senderContract } from "../../../contracts/sender.contract.ts";
import { aNotice } from "../../slack/any-notice.ts";
import { sandboxSes } from "./sandbox-ses.ts";

const EMAIL = { from: "access@example.com", configurationSet: "timelatch" };
const POLICY: AccessPolicy = { ...aPolicy(), notices: { email: EMAIL } };
const TO_BOB = aNotice(
  "decision-wanted",
  {},
  { audience: { kind: "mailbox", person: "bob" }, once: true },
);

senderContract("sesSender", async () => {
  const { ses, faults, port, sender } = await sandboxSes(POLICY);
  return {
    sender,
    sent: () =>
      ses.state.messages.map(({ id, to: [address = ""] }) => ({
        timestamp: id,
        to: address.split("@")[0] ?? "",
      })),
    next: {
      busy: () => void faults.push({ kind: "throttle" }),
      answerLost: () => void faults.push({ kind: "drop" }),
      // In SES's sandbox only a verified address is written to.
      refused: () =>
        ses.change((state) => {
          state.identities = ["access@example.com"];
          state.account = { ...state.account, productionAccess: false };
        }),
      appRefused: () =>
        ses.change((state) => {
          state.account = { ...state.account, sendingEnabled: false };
        }),
    },
    recover: () => {
      const { identities, account } = initialSesState();
      ses.change((state) => Object.assign(state, { identities, account }));
    },
    stop: () => port.close(),
  };
});

describe("sesSender", () => {
  let world: Awaited<ReturnType<typeof sandboxSes>>;
  beforeAll(async () => {
    world = await sandboxSes(POLICY);
  });
  beforeEach(() => world.ses.change((state) => Object.assign(state, initialSesState())));
  afterAll(() => world.port.close());
  const sent = () => world.ses.state.messages;

  it("Each e-mail is to one address of the policy, from the sender of the policy, under its set", async () => {
    await world.sender.send(TO_BOB);
    expect(sent()).toMatchObject([
      {
        from: "access@example.com",
        to: ["bob@example.com"],
        configurationSet: "timelatch",
        tags: { deployment: "timelatch", subject: TO_BOB.subject },
      },
    ]);
  });

  it("All e-mails about a request name one message that nobody sent, and no answering machine answers", async () => {
    await world.sender.send(TO_BOB);
    await world.sender.send({ ...TO_BOB, kind: "reminder" });
    const threads = sent().map(({ headers }) => headers["References"]);
    expect(threads).toEqual(Array(2).fill(`<${TO_BOB.subject}@example.com>`));
    for (const { headers } of sent()) expect(headers["Auto-Submitted"]).toBe("auto-generated");
  });

  it("A deployment with a name says it in the sender's", async () => {
    const policy = { ...POLICY, deployment: "staging" };
    const calls: object[] = [];
    const sender = sesSender({
      policy,
      email: EMAIL,
      call: async (message) => {
        calls.push(message);
        return { status: 200, error: "", body: { MessageId: "0102-1" } };
      },
    });
    await sender.send(TO_BOB);
    expect(calls).toMatchObject([{ FromEmailAddress: '"Timelatch staging" <access@example.com>' }]);
  });

  it.each([
    "bob@example.com, mallory@evil.example",
    "bob@example.com\r\nBcc: mallory@evil.example",
    "bob <bob@example.com>",
    "bob@example",
    "büb@example.com",
    '"bob"@example.com',
  ])("An address that is no plain one is not written to: %j", async (email) => {
    const bob = POLICY.people["bob"];
    if (!bob) throw new Error("There is no bob.");
    const before = world.calls();
    const policy = { ...POLICY, people: { ...POLICY.people, bob: { ...bob, email } } };
    const sender = sesSender({ call: world.call, policy, email: EMAIL });
    await expect(sender.send(TO_BOB)).rejects.toMatchObject({ reason: "address-unknown" });
    expect(world.calls()).toBe(before);
  });

  it("Nobody but people of the policy is written to", async () => {
    const stranger = { ...TO_BOB, audience: { kind: "mailbox", person: "zoe" } } as const;
    await expect(world.sender.send(stranger)).rejects.toMatchObject({ reason: "address-unknown" });
    await expect(world.sender.send(aNotice("request"))).rejects.toMatchObject({
      reason: "not-by-email",
    });
    expect(sent()).toEqual([]);
  });

  it.each<[string, Partial<ReturnType<typeof initialSesState>["account"]>, object]>([
    ["a suspended account", { enforcement: "SHUTDOWN" }, { reason: "email-account-suspended" }],
    ["a paused account", { sendingEnabled: false }, { reason: "email-sending-paused" }],
    ["a full day", { max24HourSend: 0 }, { retryAfterSeconds: 600 }],
    ["a full second", { maxSendRate: 0 }, { retryAfterSeconds: 5 }],
  ])("SES's answer of %s has an outcome of its own", async (_what, account, outcome) => {
    world.ses.change((state) => {
      state.account = { ...state.account, ...account };
    });
    await expect(world.sender.send(TO_BOB)).rejects.toMatchObject(outcome);
  });

  it("A missing configuration set, and a sender whom IAM or SES refuses, stop all e-mail", async () => {
    const under = (email: typeof EMAIL) => sesSender({ call: world.call, policy: POLICY, email });
    world.ses.change((state) => {
      state.configurationSets = {};
    });
    await expect(under(EMAIL).send(TO_BOB)).rejects.toMatchObject({
      name: "AppRefused",
      reason: "email-not-found",
    });
    await expect(under({ ...EMAIL, from: "ceo@example.com" }).send(TO_BOB)).rejects.toMatchObject({
      name: "AppRefused",
      reason: "email-access-denied",
    });
    expect(sent()).toEqual([]);
  });

  it.each<[string, () => Promise<Response>]>([
    ["no connection", () => Promise.reject(new Error("to bob@example.com: refused"))],
    ["a failure of SES", async () => new Response("{}", { status: 503 })],
  ])("After %s nobody knows whether it was sent", async (_what, fetch) => {
    const call = sesCall({
      credentials: async () => world.config.credentials,
      region: async () => "us-west-2",
      fetch,
    });
    const sending = sesSender({ call, policy: POLICY, email: EMAIL }).send(TO_BOB);
    await expect(sending).rejects.toMatchObject({ retryAfterSeconds: null });
  });

  it("Without an endpoint of its own a call goes to SES in the function's region", async () => {
    const urls: string[] = [];
    const call = sesCall({
      credentials: async () => world.config.credentials,
      region: async () => "eu-central-1",
      fetch: async (url) => {
        urls.push(String(url));
        return Response.json({ MessageId: "0102-1" });
      },
    });
    await call({});
    expect(urls).toEqual(["https://email.eu-central-1.amazonaws.com/v2/email/outbound-emails"]);
  });
});
