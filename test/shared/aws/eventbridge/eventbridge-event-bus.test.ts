import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import schema from "../../../../docs/events.schema.json" with { type: "json" };
import { aFirstStep, anApproval, aPolicy, aStep, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { circles, policyAsking } from "../../../../lab/fakes/policy-asking.ts";
import { eventBridgeEventBus } from "../../../../shared/aws/eventbridge/eventbridge-event-bus.ts";
import { delegationOf } from "../../../../shared/domain/delegations/delegation.ts";
import { endRecord, madeRecord } from "../../../../shared/domain/delegations/delegation-record.ts";
import { sealOf } from "../../../../shared/domain/evidence/archive/seal.ts";
import { FINDING_CODES } from "../../../../shared/domain/evidence/findings/finding-record.ts";
import {
  delegationEvents,
  delegationOver,
} from "../../../../shared/domain/notices/delegation-events.ts";
import { findingEvents } from "../../../../shared/domain/notices/finding-events.ts";
import { promptEvents } from "../../../../shared/domain/notices/prompt-events.ts";
import { requestEvents } from "../../../../shared/domain/notices/request-events.ts";
import { sealEvent } from "../../../../shared/domain/notices/seal-event.ts";
import { stopEvents } from "../../../../shared/domain/notices/stop-events.ts";
import { EVENT_TYPES } from "../../../../shared/domain/requests/audit-event.ts";
import { STATES } from "../../../../shared/domain/requests/request.ts";
import { NO_STOPS, stopRecord, stopsAfter } from "../../../../shared/domain/stops/stops.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { eventBusContract } from "../../../contracts/event-bus.contract.ts";
import { aStop } from "../../../contracts/stop-store.contract.ts";
import { aFinding, anAcknowledgement } from "../../domain/evidence/finding-samples.ts";

interface PutEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Time: Date;
  readonly Detail: string;
}

/** An EventBridge that keeps what it takes. */
function aBus() {
  const entries: PutEntry[] = [];
  const next = { takes: Number.POSITIVE_INFINITY, fails: false };
  const client = {
    send: async ({ input }: { readonly input: { readonly Entries: readonly PutEntry[] } }) => {
      if (next.fails) throw new Error("EventBridge does not answer.");
      expect(input.Entries.length).toBeLessThanOrEqual(10);
      const bytes = input.Entries.map(({ Detail }) => Buffer.byteLength(Detail));
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
      expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(256_000);
      return {
        Entries: input.Entries.map((entry) => {
          if (entries.length >= next.takes) return { ErrorCode: "ThrottlingException" };
          entries.push(entry);
          return { EventId: String(entries.length) };
        }),
      };
    },
  } as unknown as EventBridgeClient;
  return { entries, next, bus: eventBridgeEventBus(client, "timelatch") };
}

eventBusContract("eventBridgeEventBus", () => {
  const { bus, entries, next } = aBus();
  return {
    bus,
    received: () => entries.map(({ Detail }) => JSON.parse(Detail).id),
    takeOnly: (events) => {
      next.takes = events;
    },
    failNext: () => {
      next.fails = true;
    },
  };
});

describe("events of a large request", () => {
  it("The events of a large request reach EventBridge in calls within its size limit", async () => {
    const namespaces = Array.from({ length: 600 }, (_, n) => `payments-${"x".repeat(40)}-${n}`);
    const first = aFirstStep({
      access: { policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces } },
    });
    const steps = [first, anApproval(first.request)];
    for (let n = 0; n < 10; n += 1)
      steps.push(aStep(steps.at(-1)?.request ?? first.request, { type: "evidence" }));
    const { bus, entries } = aBus();
    const events = steps.map(({ event }) => event);
    const { request } = steps.at(-1) ?? first;
    expect(await bus.publish(requestEvents(request, events))).toBe(12);
    expect(entries.map(({ Detail }) => JSON.parse(Detail).event.seq)).toEqual(
      events.map(({ seq }) => seq),
    );
  });
});

const DETAIL = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);

const DELEGATING = { ...aPolicy(), delegations: { longestSeconds: 86_400 } };

/** Bob delegates to carol for an hour, and carol ends it. */
function aDelegation() {
  const id = countedId(1);
  const happened = { delegationId: id, actor: "bob", at: T0, policyHash: "a".repeat(64) };
  const proof = { surface: "api", proof: { callerId: "AROA" } } as const;
  const until = plusSeconds(T0, 3_600);
  const made = madeRecord(happened, { to: "carol", from: T0, until, ...proof });
  const ended = endRecord({ ...happened, actor: "carol" }, proof, made);
  const delegation = delegationOf(id, [made]);
  if (!delegation) throw new Error("It is no whole chain.");
  return { delegation, made, ended };
}

/** The published events of every finding, with an acknowledgement of each. */
async function publishedFindings() {
  const { bus, entries } = aBus();
  for (const code of FINDING_CODES) {
    const finding = aFinding(code);
    await bus.publish(findingEvents(finding, [anAcknowledgement(finding)]));
  }
  return entries.map(({ Detail, ...entry }) => ({ ...entry, detail: JSON.parse(Detail) }));
}

/** The published events of a request that was approved, and then revoked with evidence between. */
async function published() {
  const via = { protocol: "mcp", client: "some-agent 1.0" } as const;
  const first = aFirstStep({ machine: true, via });
  const approved = anApproval(first.request);
  const evidence = aStep(approved.request, { type: "evidence" });
  const { bus, entries } = aBus();
  const steps = [first, approved, evidence];
  const events = steps.map(({ event }) => event);
  await bus.publish(requestEvents(evidence.request, events));
  return entries.map(({ Detail, ...entry }) => ({ ...entry, detail: JSON.parse(Detail) }));
}

describe("events of a finding", () => {
  it("Each record of a finding is one event, which says how the finding stands now", async () => {
    const finding = aFinding("grantor-outside-call");
    const { findingId } = finding.details;
    const { bus, entries } = aBus();
    await bus.publish(findingEvents(finding, []));
    await bus.publish(findingEvents(finding, [anAcknowledgement(finding)]));
    const summary = { code: "grantor-outside-call", requestIds: finding.details.requestIds };
    expect(
      entries.map(({ DetailType, Detail }) => ({ DetailType, ...JSON.parse(Detail) })),
    ).toMatchObject([
      { DetailType: "finding", id: `${findingId}#1`, finding: { ...summary, state: "open" } },
      { DetailType: "finding", id: `${findingId}#1`, finding: { state: "acknowledged" } },
      {
        DetailType: "acknowledgement",
        id: `${findingId}#2`,
        event: { actor: "dave", details: { note: "Planned work, CHG-12" } },
        finding: { ...summary, state: "acknowledged" },
      },
    ]);
  });

  it("The event of a finding fits into one call, however much the change names", async () => {
    const namespaces = Array.from({ length: 900 }, (_, n) => `${"\u0001".repeat(250)}${n}`);
    const { bus, entries } = aBus();
    const scope = { type: "namespace", namespaces } as const;
    expect(await bus.publish(findingEvents(aFinding("outside-change", { scope }), []))).toBe(1);
    const { after } = JSON.parse(entries[0]?.Detail ?? "").finding;
    expect([after.count, after.elements.length]).toEqual([900, 50]);
  });
});

/** The published event of a day's seal. */
async function publishedSeal() {
  const { bus, entries } = aBus();
  const { seal } = sealOf({
    day: "2026-11-24",
    key: "a".repeat(64),
    policyHashes: [],
    counts: {},
    late: [],
    tips: [{ chain: "AUDIT#r1", seq: 1, hash: "b".repeat(64) }],
    before: undefined,
  });
  await bus.publish([sealEvent(seal, "2026-11-25T01:05:00.000Z")]);
  const [entry] = entries;
  return { ...entry, detail: JSON.parse(entry?.Detail ?? "") };
}

describe("docs/events.schema.json", () => {
  it("docs/events.schema.json describes the seal of a day, and refuses another member", async () => {
    const { detail, DetailType } = await publishedSeal();
    expect(DetailType).toBe("seal");
    expect(DETAIL.safeParse(detail).error?.issues ?? []).toEqual([]);
    const { hash: _hash, ...seal } = detail.seal;
    for (const wrong of [
      { ...detail, extra: 1 },
      { ...detail, id: "seal" },
      { ...detail, seal },
    ])
      expect(DETAIL.safeParse(wrong).success).toBe(false);
  });

  it("docs/events.schema.json describes what is published, and nothing else is published", async () => {
    const all = [...(await published()), ...(await publishedFindings())];
    expect(all).toHaveLength(15);
    for (const { detail, ...entry } of all) {
      expect(DETAIL.safeParse(detail).error?.issues ?? []).toEqual([]);
      expect(entry).toMatchObject({
        EventBusName: "timelatch",
        Source: "timelatch",
        DetailType: detail.event.type,
        Time: new Date(detail.event.at),
      });
    }
  });

  it("The schema of events refuses a detail with an extra or missing member, or an unknown state", async () => {
    const [first] = await published();
    const detail = first?.detail;
    const { reason: _, ...request } = detail.request;
    for (const wrong of [
      { ...detail, extra: 1 },
      { ...detail, request },
      { ...detail, request: { ...detail.request, lastHash: "x" } },
      { ...detail, event: { ...detail.event, to: "lost" } },
      { ...detail, id: "1" },
    ])
      expect(DETAIL.safeParse(wrong).success).toBe(false);
  });

  it("docs/events.schema.json describes suspensions and drains, and refuses another member", async () => {
    const suspended = stopRecord(NO_STOPS, aStop());
    const drained = stopRecord(stopsAfter(suspended), aStop({ type: "drain", person: null }));
    const { bus, entries } = aBus();
    await bus.publish([suspended, drained].flatMap(stopEvents));
    expect(entries.map(({ DetailType }) => DetailType)).toEqual(["suspend", "drain"]);
    for (const { Detail } of entries) {
      const detail = JSON.parse(Detail);
      expect(DETAIL.safeParse(detail).error?.issues ?? []).toEqual([]);
      expect(Detail).not.toContain("AROA:carol");
      for (const wrong of [
        { ...detail, extra: 1 },
        { ...detail, id: "stop-1" },
        { ...detail, stopped: { ...detail.stopped, drained: "yes" } },
        { ...detail, event: { ...detail.event, type: "pause" } },
      ])
        expect(DETAIL.safeParse(wrong).success).toBe(false);
    }
  });

  it("docs/events.schema.json describes reminders and escalations, and refuses another member", async () => {
    const rule = circles(["payments-leads"], ["sre"]);
    const policy = policyAsking(rule);
    const remind = { afterSeconds: 600, times: 1 };
    const reminding = { ...policy, rules: policy.rules.map((each) => ({ ...each, remind })) };
    const { request } = aFirstStep({ requirements: [rule] });
    const { bus, entries } = aBus();
    await bus.publish(promptEvents(reminding, request, plusSeconds(T0, 900)));
    expect(entries.map(({ DetailType }) => DetailType)).toEqual(["escalation", "reminder"]);
    for (const { Detail } of entries) {
      const detail = JSON.parse(Detail);
      expect(DETAIL.safeParse(detail).error?.issues ?? []).toEqual([]);
      for (const wrong of [
        { ...detail, extra: 1 },
        { ...detail, id: request.id },
        { ...detail, prompt: { ...detail.prompt, kind: "alarm" } },
        { ...detail, prompt: { ...detail.prompt, mention: "U0001" } },
      ])
        expect(DETAIL.safeParse(wrong).success).toBe(false);
    }
  });

  it("docs/events.schema.json describes a delegation, its end and its lapse, and refuses another member", async () => {
    const { delegation, made, ended } = aDelegation();
    const { bus, entries } = aBus();
    const over = delegationOver(DELEGATING, delegation, delegation.until);
    const whole = { ...delegation, ended: { person: "carol", at: T0 } };
    await bus.publish([...delegationEvents(DELEGATING, whole, [made, ended], T0), ...over]);
    expect(entries.map(({ DetailType, Detail }) => [DetailType, JSON.parse(Detail).id])).toEqual([
      ["delegate", `${delegation.id}#1`],
      ["undelegate", `${delegation.id}#2`],
      ["delegation-over", `${delegation.id}#over`],
    ]);
    for (const { Detail } of entries) {
      const detail = JSON.parse(Detail);
      expect(Detail).not.toContain("callerId");
      expect(DETAIL.safeParse(detail).error?.issues ?? []).toEqual([]);
      for (const wrong of [
        { ...detail, extra: 1 },
        { ...detail, id: delegation.id },
        { ...detail, delegation: { ...detail.delegation, state: "lost" } },
        { ...detail, delegation: { ...detail.delegation, proof: {} } },
      ])
        expect(DETAIL.safeParse(wrong).success).toBe(false);
    }
  });

  it("The schema of events names every type of event and every state", () => {
    expect(schema.$defs.request.properties.event.properties.type.enum).toEqual([...EVENT_TYPES]);
    expect(schema.$defs.state.enum).toEqual([...STATES]);
  });

  it("The schema of events names every code of a finding, and refuses another", async () => {
    const { code, state } = schema.$defs.finding.properties.finding.properties;
    expect(code.enum).toEqual([...FINDING_CODES]);
    const [first] = await publishedFindings();
    const { finding } = first?.detail ?? {};
    for (const wrong of [{ code: "lost" }, { state: "closed" }, { secret: 1 }])
      expect(
        DETAIL.safeParse({ ...first?.detail, finding: { ...finding, ...wrong } }).success,
      ).toBe(false);
    expect(state.enum).toContain(finding.state);
  });

  it("The schema of events has no proof of who acted", async () => {
    for (const { detail } of await published())
      expect(JSON.stringify(detail)).not.toContain("proof");
  });
});
