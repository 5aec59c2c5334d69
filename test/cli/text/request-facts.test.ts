/** The approvals in the facts of a request, which nobody gave to a break-glass. */
import { describe, expect, it } from "vitest";
import { requestFacts } from "../../../cli/text/request-facts.ts";
import { answerTo, asked } from "../sample-requests.ts";

const NOW = "2026-11-24T10:05:00.000Z";
const PENDING = answerTo(asked());
const GLASS = {
  ...PENDING,
  state: "active",
  rule: "break-glass",
  breakGlass: true,
  escalatedFrom: {
    rule: "payments-edit",
    duration: "1h",
    durationSeconds: 3_600,
    startsAt: null,
    digest: PENDING.digest,
  },
} as const;
const approval = (request: Parameters<typeof requestFacts>[0]) =>
  requestFacts(request, NOW).find(([name]) => name === "Approval" || name === "Needed")?.[1];

describe("The approvals in the facts of a request", () => {
  it("A request names the approvals that it needs", () => {
    expect(approval(PENDING)).toBe("one approval by payments-leads");
  });

  it("An escalated break-glass was granted without them, and the facts say so", () => {
    expect(approval(GLASS)).toBe("none: granted at once, without 1 of payments-leads");
  });

  it("A break-glass that nobody had to approve was granted at once", () => {
    expect(approval({ ...GLASS, requirements: [] })).toBe("none: granted at once");
  });
});

describe("The times in the facts of a request", () => {
  const PROOF = { hadBegun: true, readAt: "2026-11-24T10:00:00.000Z", stayed: [], stayedBy: [] };
  const facts = (endProof: typeof PROOF) =>
    new Map(requestFacts({ ...PENDING, state: "ended", endedAt: PROOF.readAt, endProof }, NOW));

  it("Each has its seconds, though they are zero", () => {
    expect(facts(PROOF).get("Ended")).toMatch(/ 10:00:00 |:00:00 /);
    expect(facts(PROOF).get("Requested")).toMatch(/:\d\d:\d\d /);
  });

  it("The read that proved the end says that the access was gone, unless something else gives it", () => {
    expect(facts(PROOF).get("Checked in EKS")).toMatch(/ago: gone$/);
    const stayed = { ...PROOF, stayed: ["payments-api"], stayedBy: ["grant"] };
    expect(facts(stayed as never).get("Checked in EKS")).toMatch(/ago$/);
  });
});
