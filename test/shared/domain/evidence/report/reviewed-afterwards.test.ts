/** A review that is closed after its grant's end: reports, bundles and OCSF keep the end as it was. */
import { describe, expect, it } from "vitest";
import { contradicted } from "../../../../../cli/audit/bundle-agrees.ts";
import { aFirstStep, aPolicy, aStep, T0 } from "../../../../../lab/fakes/builders.ts";
import { ocsfMapper } from "../../../../../shared/domain/evidence/ocsf/ocsf.ts";
import { populationBuilder } from "../../../../../shared/domain/evidence/report/population.ts";
import { reviewCounts } from "../../../../../shared/domain/evidence/report/review-counts.ts";
import { verifyChains } from "../../../../../shared/domain/requests/audit-chain.ts";
import type { Occurrence } from "../../../../../shared/domain/requests/lifecycle.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { requestAnswer } from "../../../../../shared/http/server/request-answer.ts";
import { checkOcsf } from "../ocsf/check-ocsf.ts";

const DUE = plusSeconds(T0, 2 * 86_400);
const BY = ["payments-leads"];
const END = { revokeAt: plusSeconds(T0, 1_680), expiresAt: plusSeconds(T0, 1_800) };
const ENDED_AT = plusSeconds(T0, 1_700);

const step = (
  before: Parameters<typeof aStep>[0],
  type: Occurrence["type"],
  seconds: number,
  more: object = {},
) => aStep(before, { type, at: plusSeconds(T0, seconds), ...more } as Parameters<typeof aStep>[1]);

/** Carol's break-glass from its approval by the policy to its end. */
const ASKED = aFirstStep({ requester: "carol", breakGlass: true, rule: "break-glass" });
const APPROVED = step(ASKED.request, "approve", 0, {
  actor: "policy:break-glass",
  details: { ...END, review: { by: BY, dueAt: DUE } },
  changes: { ...END, review: { by: BY, dueAt: DUE, closed: null } },
});
const ACTIVE = step(APPROVED.request, "activate", 10, {
  details: { calls: [], authenticationMode: "API" },
});
const ENDING = step(ACTIVE.request, "expire", 1_680, { details: { calls: [] } });
const ENDED = step(ENDING.request, "settle", 1_700, { details: { calls: [] } });

const reviewedAt = (seconds: number, person = "bob") => {
  const at = plusSeconds(T0, seconds);
  const note = "Restarted the API server.";
  return step(ENDED.request, "review", seconds, {
    actor: person,
    details: { note, surface: "slack", proof: {} },
    changes: { review: { by: BY, dueAt: DUE, closed: { person, at, note } } },
  });
};
const eventsTo = (last: typeof ENDED) =>
  [ASKED, APPROVED, ACTIVE, ENDING, ENDED, last].map(({ event }) => event);
const IN_TIME = reviewedAt(86_400);
const EVENTS = eventsTo(IN_TIME);

describe("A review that is closed after the end", () => {
  it("The chain of its history holds", () => {
    expect(verifyChains(EVENTS)).toEqual([]);
  });

  it("A bundle's request agrees with its history, and still ended when access was gone", () => {
    const request = { ...requestAnswer(IN_TIME.request, aPolicy()) };
    expect(request).toMatchObject({ state: "ended", endedAt: ENDED_AT });
    expect(contradicted(request, EVENTS)).toEqual([]);
  });

  it("A bundle that hides the closing, or claims another one, is contradicted", () => {
    const request = { ...requestAnswer(IN_TIME.request, aPolicy()) };
    for (const closed of [null, { person: "carol", at: T0, note: "fine" }])
      expect(contradicted({ ...request, review: { ...request.review, closed } }, EVENTS)).toEqual([
        "review",
      ]);
    expect(contradicted({ ...request, endedAt: IN_TIME.request.updatedAt }, EVENTS)).toEqual([
      "endedAt",
    ]);
  });

  it("OCSF has the closing as an activity of its own, and nothing of it as lent or removed access", () => {
    const mapper = ocsfMapper();
    const mapped = EVENTS.map((event) => mapper.map(event));
    for (const each of mapped.flat()) checkOcsf(each);
    expect(mapped.at(-1)).toHaveLength(1);
    expect(mapped.at(-1)?.[0]).toMatchObject({
      class_uid: 3004,
      comment: "Restarted the API server.",
      actor: { user: { name: "bob" } },
      time: Date.parse(IN_TIME.event.at),
      metadata: { correlation_uid: ASKED.request.id, sequence: 6 },
    });
  });

  const rowsOf = (last: typeof ENDED) => {
    const population = populationBuilder();
    for (const event of eventsTo(last)) population.add(event);
    return population.requests();
  };

  it("A report has the end as it was, and who reviewed it when", () => {
    expect(rowsOf(IN_TIME)).toMatchObject([
      { state: "ended", endedAt: ENDED_AT, review: { closed: { person: "bob" } } },
    ]);
    const [without] = rowsOf(ENDED).map(({ endedAt, state }) => ({ endedAt, state }));
    expect(without).toEqual({ endedAt: ENDED_AT, state: "ended" });
  });

  it("A report counts one that is in time, one that is late, and one by its own requester", () => {
    const counts = (last: typeof ENDED) => reviewCounts(rowsOf(last), plusSeconds(T0, 30 * 86_400));
    const id = ASKED.request.id;
    expect(counts(IN_TIME)).toEqual({ open: 0, closed: 1, overdue: [], late: [], own: [] });
    expect(counts(reviewedAt(2 * 86_400 + 1))).toMatchObject({ closed: 1, late: [id] });
    expect(counts(reviewedAt(2 * 86_400))).toMatchObject({ late: [] });
    expect(counts(reviewedAt(86_400, "carol"))).toMatchObject({ own: [id] });
  });
});
