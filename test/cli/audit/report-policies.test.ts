import { describe, expect, it } from "vitest";
import type { Call } from "../../../cli/api/call.ts";
import { fetchReport } from "../../../cli/audit/fetch-report.ts";
import { reportPage } from "../../../cli/audit/report-page.ts";
import { reportText } from "../../../cli/text/report-text.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { reportApi } from "./report-world.ts";

const OLD = "1".repeat(64);
const NEW = "2".repeat(64);
const PERIOD = {
  from: "2026-10-05T10:01:30.000Z",
  to: "2026-11-01T00:00:00.000Z",
  now: "2026-11-24T10:05:00.000Z",
};

/** Another policy was deployed on the sixth, at eleven. */
const underTwo = (event: AuditEvent): AuditEvent => ({
  ...event,
  policyHash: event.at < "2026-10-06T11:00:00.000Z" ? OLD : NEW,
});

/** Two requests, and the policy changes while the second one's access is there. */
function reported() {
  const { address, send } = reportApi([
    { number: 1, at: "2026-10-05T10:00:00.000Z" },
    { number: 2, at: "2026-10-06T10:30:00.000Z" },
  ]);
  const api = {
    address,
    send: async <Answer>(call: Call): Promise<Answer> => {
      const answer = await send<{ readonly events?: readonly AuditEvent[] }>(call);
      const { events } = answer;
      return (events ? { ...answer, events: events.map(underTwo) } : answer) as Answer;
    },
  };
  return fetchReport(api, PERIOD, () => undefined);
}

describe("The policies of a report", () => {
  it("A report has each policy that events of the period name, with its first and last event", async () => {
    const { policies } = await reported();
    expect(policies).toEqual([
      {
        policyHash: OLD,
        // The request and the approval of the first are from before the period.
        firstSeen: "2026-10-05T10:02:00.000Z",
        lastSeen: "2026-10-06T10:32:00.000Z",
        events: 6,
      },
      {
        policyHash: NEW,
        firstSeen: "2026-10-06T11:29:00.000Z",
        lastSeen: "2026-10-06T11:30:00.000Z",
        events: 2,
      },
    ]);
  });

  it("Text and page name both policies, and say what events do not know about them", async () => {
    const report = await reported();
    const text = reportText(report, { columns: 80, paint: (_style, said) => said });
    for (const said of [text, reportPage(report)]) {
      const line = said.replace(/\s+/g, " ");
      for (const hash of [OLD, NEW]) expect(line).toContain(hash);
      expect(line).toContain("A policy under which no event happened is not listed.");
    }
  });
});
