/** The recipes of docs/events.md, taken from the page, against events as they are published. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { aFirstStep, aStep } from "../../../../lab/fakes/builders.ts";
import {
  type EventPattern,
  matchesPattern,
  patternFault,
} from "../../../../lab/sandbox/aws/eventbridge/event-pattern.ts";
import { eventBridgeEventBus } from "../../../../shared/aws/eventbridge/eventbridge-event-bus.ts";
import {
  FINDING_CODES,
  type FindingCode,
} from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { findingEvents } from "../../../../shared/domain/notices/finding-events.ts";
import { requestEvents } from "../../../../shared/domain/notices/request-events.ts";
import type { Step } from "../../../../shared/domain/requests/lifecycle.ts";
import type { EventBus } from "../../../../shared/ports/event-bus.ts";
import { aFinding, anAcknowledgement } from "../../domain/evidence/finding-samples.ts";
import { CLUSTER } from "../../domain/evidence/samples.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../../../docs/events.md"), "utf8");

/** The code below a heading. */
function recipe(heading: string): string {
  const [, code] =
    new RegExp(`### ${heading}\\n[\\s\\S]*?\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(PAGE) ?? [];
  if (code === undefined) throw new Error(`docs/events.md has no recipe ${heading}.`);
  return code;
}

const publishedOf = async (publish: (bus: EventBus) => Promise<unknown>) => {
  const put: { DetailType: string; Source: string; Detail: string }[] = [];
  const send = async ({ input }: { input: { Entries: typeof put } }) => {
    put.push(...input.Entries);
    return { Entries: input.Entries.map(() => ({ EventId: "1" })) };
  };
  const bus = eventBridgeEventBus({ send } as unknown as EventBridgeClient, "timelatch");
  await publish(bus);
  return put.map(({ DetailType, Source, Detail }) => ({
    source: Source,
    "detail-type": DetailType,
    detail: JSON.parse(Detail),
  }));
};

const events = (steps: readonly Step[]) =>
  publishedOf(async (bus) => {
    for (const { request, event } of steps) await bus.publish(requestEvents(request, [event]));
  });

/** A finding of each code, and somebody acknowledges it. */
const findingsOf = (...codes: readonly FindingCode[]) =>
  publishedOf(async (bus) => {
    for (const finding of codes.map((code) => aFinding(code)))
      await bus.publish(findingEvents(finding, [anAcknowledgement(finding)]));
  });

interface Transformer {
  readonly InputPathsMap: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
function transformed({ InputPathsMap, InputTemplate }: Transformer, event: object): string {
  const at = (place: string): unknown =>
    place
      .replace("$.", "")
      .split(".")
      .reduce<unknown>(
        (value, name) => (value as Readonly<Record<string, unknown>>)?.[name],
        event,
      );
  return InputTemplate.replace(/<(\w+)>/g, (_whole, name: string) => {
    const value = at(InputPathsMap[name] ?? "");
    if (typeof value !== "string")
      throw new Error(`The event has no text at ${InputPathsMap[name]}.`);
    return value;
  });
}

const ordinary = aFirstStep();
const breakGlass = aFirstStep({ breakGlass: true });
const denied = aStep(breakGlass.request, { type: "deny", actor: "bob" });

describe("the recipes of docs/events.md", () => {
  const { BreakGlass } = parse(recipe("E-mail, through SNS"), { logLevel: "silent" });
  const { EventPattern: pattern, Targets, EventBusName } = BreakGlass.Properties;

  it("the rule for e-mail is one that EventBridge takes, and matches only break-glass requests", async () => {
    expect(EventBusName).toBe("timelatch");
    expect(patternFault(pattern)).toBeUndefined();
    const published = await events([ordinary, breakGlass, denied]);
    expect(published.map((event) => matchesPattern(pattern as EventPattern, event))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("the mail says who, where and why, from members that the event has", async () => {
    const [event = {}] = await events([breakGlass]);
    const { requester, cluster, reason } = breakGlass.request;
    expect(JSON.parse(transformed(Targets[0].InputTransformer, event))).toBe(
      `Break-glass: ${requester} on ${cluster.name}. Reason: ${reason}`,
    );
  });

  it("the rule for findings is one that EventBridge takes, and matches only the use of Timelatch's roles", async () => {
    const { Findings } = parse(recipe("A finding, by e-mail"), { logLevel: "silent" });
    const rule = Findings.Properties;
    expect(patternFault(rule.EventPattern)).toBeUndefined();
    const published = await findingsOf(...FINDING_CODES);
    const matched = published.filter((event) => matchesPattern(rule.EventPattern, event));
    expect(matched.map(({ detail }) => detail.finding.code)).toEqual([
      "grantor-outside-call",
      "fuse-outside-schedule",
      "forged-request-id",
    ]);
    const { findingId } = matched[0]?.detail ?? {};
    expect(JSON.parse(transformed(rule.Targets[0].InputTransformer, matched[0] ?? {}))).toBe(
      `grantor-outside-call on ${CLUSTER} at 2026-11-24T10:00:01.000Z. Finding ${findingId}`,
    );
  });

  it("Teams gets a custom notification with texts from members that the event has", async () => {
    const { InputTransformer } = parse(
      recipe("Microsoft Teams, through Amazon Q Developer in chat applications"),
    );
    const [event = {}] = await events([ordinary]);
    expect(JSON.parse(transformed(InputTransformer, event))).toMatchObject({
      version: "1.0",
      source: "custom",
      content: { title: "request: alice on prod" },
    });
  });

  it("the Lambda function takes each event once", async () => {
    const source = recipe("A Lambda function of your own");
    const { handler } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
    const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const [event] = await events([ordinary]);
    await handler(event);
    await handler(event);
    expect(said.mock.calls).toEqual([["request", "alice", "prod", "pending"]]);
    said.mockRestore();
  });
});
