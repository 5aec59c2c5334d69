/** Whether the review of a break-glass is open, and overdue. */
import { describe, expect, it } from "vitest";
import { isReviewOverdue, openReviewOf } from "../../../../shared/domain/requests/review.ts";

const DUE = "2026-11-24T10:00:00.000Z";
const OPEN = { by: ["platform"], dueAt: DUE, closed: null };
const CLOSED = { ...OPEN, closed: { person: "bob", at: DUE, note: "Restarted it." } };
const [BEFORE, AFTER] = ["2026-11-24T09:59:59.999Z", "2026-11-24T10:00:00.001Z"];

describe("The review of a break-glass", () => {
  it("It is open until somebody closes it", () => {
    expect([
      openReviewOf({ review: OPEN }),
      openReviewOf({ review: CLOSED }),
      openReviewOf({}),
    ]).toEqual([OPEN, undefined, undefined]);
  });

  it("It is overdue from when it is due, while it is open", () => {
    const times = [BEFORE, DUE, AFTER];
    expect(times.map((now) => isReviewOverdue({ review: OPEN }, now))).toEqual([false, true, true]);
    expect(times.map((now) => isReviewOverdue({ review: CLOSED }, now))).toEqual([
      false,
      false,
      false,
    ]);
    expect(times.map((now) => isReviewOverdue({}, now))).toEqual([false, false, false]);
  });
});
