/** The emulated SES: AWS's own client, what it refuses, and what becomes of a message. */
import {
  GetAccountCommand,
  GetConfigurationSetEventDestinationsCommand,
  GetEmailIdentityCommand,
  ListEmailIdentitiesCommand,
  ListSuppressedDestinationsCommand,
  NotFoundException,
  SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
} from "@aws-sdk/client-sesv2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BusEvent } from "../../../../../lab/sandbox/aws/eventbridge/state.ts";
import { sesControl } from "../../../../../lab/sandbox/aws/ses/control.ts";
import { sesService } from "../../../../../lab/sandbox/aws/ses/service.ts";
import { initialSesState } from "../../../../../lab/sandbox/aws/ses/state.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../iam-world.ts";

const all = role("all", { policy: document(statement("ses:*")) });
const arn = (kind: string, name: string) => `arn:aws:ses:${REGION}:${ACCOUNT}:${kind}/${name}`;
const identityOnly = role("identity-only", {
  policy: document(statement("ses:SendEmail", arn("identity", "example.com"))),
});
const ses = memoryStore(initialSesState());
const events: BusEvent[] = [];
const control = sesControl(ses);

let port: RunningPort;
let client: SESv2Client;
beforeAll(async () => {
  const onEvent = (event: BusEvent) => events.push(event);
  const services = [sesService({ ses, account: ACCOUNT, region: REGION, onEvent })];
  port = await listen({ iam: iamStore(all, identityOnly), services });
  client = new SESv2Client(clientConfig(port.url, all));
});
beforeEach(() => ses.change((state) => Object.assign(state, initialSesState())));
afterAll(() => port.close());

type Simple = NonNullable<NonNullable<SendEmailCommandInput["Content"]>["Simple"]>;
const data = (Data: string) => ({ Data, Charset: "UTF-8" });
const message = (
  changed: Partial<SendEmailCommandInput> = {},
  simple: Partial<Simple> = {},
): SendEmailCommandInput => ({
  FromEmailAddress: '"Timelatch" <access@example.com>',
  Destination: { ToAddresses: ["bob@example.com"] },
  Content: {
    Simple: {
      Subject: data("Über access"),
      Body: { Text: data("text"), Html: data("<p>text</p>") },
      Headers: [{ Name: "Auto-Submitted", Value: "auto-generated" }],
      ...simple,
    },
  },
  EmailTags: [{ Name: "subject", Value: "r1" }],
  ConfigurationSetName: "timelatch",
  ...changed,
});
const send = (...args: Parameters<typeof message>) =>
  client.send(new SendEmailCommand(message(...args)));
const put = (body: object) => control("PUT", Buffer.from(JSON.stringify(body)));

describe("The emulated SES", () => {
  it("AWS's client sends a message, which is kept as its reader has it", async () => {
    const { MessageId } = await send();
    expect(ses.state.messages).toMatchObject([
      {
        id: MessageId,
        from: "access@example.com",
        to: ["bob@example.com"],
        subject: "Über access",
        headers: { "Auto-Submitted": "auto-generated" },
        fate: "delivered",
      },
    ]);
  });

  it("Both the identity and the configuration set need a permission", async () => {
    const other = new SESv2Client(clientConfig(port.url, identityOnly));
    await expect(other.send(new SendEmailCommand(message()))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });

  it.each<[string, Parameters<typeof message>]>([
    ["two addresses in one", [{ Destination: { ToAddresses: ["a@example.com, b@example.com"] } }]],
    ["51 recipients", [{ Destination: { ToAddresses: Array(51).fill("a@example.com") } }]],
    ["copies to others", [{ Destination: { ToAddresses: [], BccAddresses: ["a@example.com"] } }]],
    ["a raw message", [{ Content: { Raw: { Data: new Uint8Array([1]) } } }]],
    [
      "a sender whose name breaks out",
      [{ FromEmailAddress: '"a" <x@evil.example>" <a@example.com>' }],
    ],
    ["a header of its own", [{}, { Headers: [{ Name: "Message-ID", Value: "<a@b>" }] }]],
    ["a line break in a header", [{}, { Headers: [{ Name: "References", Value: "a\r\nBcc: b" }] }]],
    ["one header twice", [{}, { Headers: Array(2).fill({ Name: "References", Value: "a" }) }]],
    ["letters in 7 bits", [{}, { Subject: { Data: "Ü" } }]],
    ["an address as a tag", [{ EmailTags: [{ Name: "to", Value: "bob@example.com" }] }]],
    ["a reply address, which is not emulated", [{ ReplyToAddresses: ["a@example.com"] }]],
  ])("It refuses %s, and sends nothing", async (_what, args) => {
    await expect(send(...args)).rejects.toMatchObject({ name: "BadRequestException" });
    expect(ses.state.messages).toEqual([]);
  });

  it("In its sandbox an account writes only to verified identities and to the simulator", async () => {
    put({ account: { productionAccess: false } });
    await send();
    await send({ Destination: { ToAddresses: ["success@simulator.amazonses.com"] } });
    await expect(
      send({ Destination: { ToAddresses: ["bob@elsewhere.example"] } }),
    ).rejects.toMatchObject({
      name: "MessageRejected",
      message: expect.stringContaining("bob@elsewhere.example"),
    });
  });

  it.each([
    ["bounce@simulator.amazonses.com", "bounced"],
    ["complaint@simulator.amazonses.com", "complained"],
    ["suppressionlist@simulator.amazonses.com", "suppressed"],
    ["carol@example.com", "suppressed"],
  ])("Mail to %s is accepted, and then %s", async (address, fate) => {
    put({ suppressed: { "carol@example.com": "BOUNCE" } });
    await send({ Destination: { ToAddresses: [address] } });
    expect(ses.state.messages).toMatchObject([{ fate }]);
    expect(events.splice(0)).toMatchObject([
      { source: "aws.ses", detail: { mail: { tags: { subject: ["r1"] } } } },
    ]);
    put({ configurationSets: { timelatch: { sendingEnabled: true, eventTypes: [] } } });
    await send({ Destination: { ToAddresses: [address] } });
    expect(events).toEqual([]);
  });

  it("It refuses past its rates, while it is paused, and for a set that is not there", async () => {
    const refused = async (account: object, name: string) => {
      put({ account: { ...initialSesState().account, ...account } });
      await expect(send()).rejects.toMatchObject({ name });
    };
    await refused({ maxSendRate: 0 }, "TooManyRequestsException");
    await refused({ max24HourSend: 0 }, "TooManyRequestsException");
    await refused({ sendingEnabled: false }, "SendingPausedException");
    await refused({ enforcement: "SHUTDOWN" }, "AccountSuspendedException");
    put({ account: initialSesState().account });
    await expect(send({ ConfigurationSetName: "other" })).rejects.toBeInstanceOf(NotFoundException);
    expect(ses.state.messages).toEqual([]);
  });

  it("What decides about mail is read as AWS's client reads it", async () => {
    put({ suppressed: { "carol@example.com": "COMPLAINT" } });
    await send();
    expect(await client.send(new GetAccountCommand())).toMatchObject({
      ProductionAccessEnabled: true,
      SendingEnabled: true,
      EnforcementStatus: "HEALTHY",
      SendQuota: { SentLast24Hours: 1 },
    });
    expect(await client.send(new ListSuppressedDestinationsCommand())).toMatchObject({
      SuppressedDestinationSummaries: [{ EmailAddress: "carol@example.com", Reason: "COMPLAINT" }],
    });
    const identity = new GetEmailIdentityCommand({ EmailIdentity: "example.com" });
    expect(await client.send(identity)).toMatchObject({ VerifiedForSendingStatus: true });
    const destinations = new GetConfigurationSetEventDestinationsCommand({
      ConfigurationSetName: "timelatch",
    });
    expect(await client.send(destinations)).toMatchObject({
      EventDestinations: [{ MatchingEventTypes: ["BOUNCE", "COMPLAINT", "REJECT"] }],
    });
  });

  it("It refuses every other operation by name, and its control every other member", async () => {
    await expect(client.send(new ListEmailIdentitiesCommand())).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: expect.stringContaining("/v2/email/"),
    });
    const before = structuredClone(ses.state);
    expect(put({ accounts: {} })).toMatchObject({ status: 400 });
    expect(control("POST", Buffer.from("{}"))).toMatchObject({ status: 405 });
    expect(ses.state).toEqual(before);
  });
});
