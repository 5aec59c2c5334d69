import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventBridgeService } from "../../../../../lab/sandbox/aws/eventbridge/service.ts";
import type {
  BusEvent,
  EventBridgeState,
} from "../../../../../lab/sandbox/aws/eventbridge/state.ts";
import { faultTable } from "../../../../../lab/sandbox/aws/faults.ts";
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

const OTHER = "444455556666";
const BUS = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/trail`;
const elsewhere = (name: string) => {
  const made = role(name, { policy: document(statement("events:PutEvents")) });
  return { ...made, arn: made.arn.replace(ACCOUNT, OTHER) };
};
const own = role("publisher", { policy: document(statement("events:PutEvents")) });
const named = elsewhere("forward");
const unnamed = elsewhere("admin");
const eventBridge = memoryStore<EventBridgeState>({
  buses: {
    trail: {
      name: "trail",
      arn: BUS,
      events: [],
      policy: document(
        statement("events:PutEvents", BUS, {
          Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
          Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/forward" } },
        }),
      ),
    },
  },
});
const faults = faultTable();
let delivered: (readonly [string, BusEvent])[] = [];
let port: RunningPort;
beforeAll(async () => {
  const iam = iamStore(own, named, unnamed);
  const deliver = (busName: string, event: BusEvent) => delivered.push([busName, event]);
  port = await listen({
    services: [eventBridgeService({ eventBridge, iam, account: ACCOUNT, region: REGION, deliver })],
    iam,
    faults: faults.take,
  });
});
afterAll(() => port.close());
beforeEach(() => {
  delivered = [];
});

const put = async (by: typeof own, source: string, EventBusName?: string) => {
  const client = new EventBridgeClient(clientConfig(port.url, by));
  const entry = { Source: source, DetailType: "t", Detail: "{}" };
  const Entries = [{ ...entry, ...(EventBusName === undefined ? {} : { EventBusName }) }];
  const answer = await client.send(new PutEventsCommand({ Entries }));
  return answer.Entries?.[0]?.ErrorCode;
};

describe("PutEvents on another account's bus", () => {
  it("A role that the bus's policy names may, and the event has its account", async () => {
    expect(await put(named, "app", BUS)).toBeUndefined();
    expect(delivered).toMatchObject([["trail", { account: OTHER, source: "app" }]]);
  });

  it("A role that the policy does not name may not, whatever its own policies allow", async () => {
    await expect(put(unnamed, "app", BUS)).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(delivered).toEqual([]);
  });

  it("A name without an account is that of the caller's own bus", async () => {
    expect(await put(unnamed, "app", "trail")).toBeUndefined();
    expect(delivered).toEqual([]);
    expect(await put(own, "app", "trail")).toBeUndefined();
    expect(delivered).toMatchObject([["trail", { account: ACCOUNT }]]);
  });

  it("Nobody can send an event in AWS's name", async () => {
    expect(await put(named, "aws.eks", BUS)).toBe("NotAuthorizedForSource");
    expect(await put(own, "aws.eks")).toBe("NotAuthorizedForSource");
    expect(delivered).toEqual([]);
  });
});

describe("A partial fault", () => {
  it("EventBridge takes only the first event of a call, and then all of the next one", async () => {
    faults.serve("POST", Buffer.from('{"kind":"partial","service":"events","count":1}'));
    const client = new EventBridgeClient(clientConfig(port.url, own));
    const entry = { DetailType: "t", Detail: "{}", EventBusName: "trail" };
    const Entries = ["one", "two", "three"].map((Source) => ({ ...entry, Source }));
    const first = await client.send(new PutEventsCommand({ Entries }));
    expect(first.FailedEntryCount).toBe(2);
    expect(first.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "ThrottlingException",
      "ThrottlingException",
    ]);
    expect(delivered.map(([, { source }]) => source)).toEqual(["one"]);
    const next = await client.send(new PutEventsCommand({ Entries }));
    expect(next.FailedEntryCount).toBe(0);
  });
});
