/** Messages about a request that is for a ticket. */
import { describe, expect, it } from "vitest";
import { view } from "../../../../lab/fakes/memory-broker.ts";
import { TICKET_FILE, ticketBroker } from "../../../../lab/fakes/ticket-policy.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { linesOf } from "../../../../shared/notices/request-lines.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";

const SLACK = parseAccessPolicy(
  `${TICKET_FILE}slack: { teams: [T0001], channel: C0001, alarms: C0002 }\n`.replace(
    /identities: \{ iam: \["(\S+role\/people\/(\w+))"\] \}/g,
    (_, arn, name) =>
      `identities: { iam: ["${arn}"], slack: [T0001/U${String(name).toUpperCase()}] }`,
  ),
);

const world = () => {
  const broker = ticketBroker(SLACK);
  const wordsOf = (request: AccessRequest) =>
    noticesFor(SLACK, request, broker.clock.now()).notices.map((notice) => {
      const { state, others } = linesOf(notice);
      return [notice.kind, [state, ...others].join(" ")] as const;
    });
  return { broker, wordsOf };
};

describe("Messages about a request for a ticket", () => {
  it("Approvers read for which ticket it is and where its title is, which no message has", async () => {
    const { broker, wordsOf } = world();
    const request = await broker.askFor({ access: view("payments-api") });
    await broker.ticket();
    const words = wordsOf(request).filter(([kind]) => kind === "request");
    expect(words).toHaveLength(1);
    expect(words[0]?.[1]).toContain(
      `It is for PAY-1, whose tracker is asked. See what it says: timelatch show ${request.id}`,
    );
    expect(JSON.stringify(wordsOf(request))).not.toContain("Payments time out");
  });

  it("Where no person approves, the request waits for its tracker, and a refusal says why", async () => {
    const { broker, wordsOf } = world();
    const request = await broker.askFor();
    expect(JSON.stringify(wordsOf(request))).toContain(
      "It waits until its tracker has said what PAY-1 is.",
    );
    await broker.ticket({ status: "done" });
    await broker.sweep();
    expect(JSON.stringify(wordsOf(await broker.reload(request)))).toContain(
      "Denied: ticket-edit lends nothing: PAY-1 is not open or in-progress.",
    );
  });
});
