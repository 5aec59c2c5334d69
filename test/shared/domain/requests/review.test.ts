/** Whether the review of a break-glass is open, and overdue. */
import { describe, expect, it } from "vitest";
import { isReviewOverdue } from "../../../../shared/domain/requests/closable-review.ts";
import type { State } from "../../../../shared/domain/requests/request.ts";
import { openReviewOf, type Review } from "../../../../shared/domain/requests/review.ts";

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

  it("It is overdue from when it is due, while it is open and the access is over", () => {
    const overdue = (review?: Review, state: State = "ended") =>
      [BEFORE, DUE, AFTER].map((now) =>
        isReviewOverdue({ breakGlass: true, state, ...(review ? { review } : {}) }, now),
      );
    const never = [false, false, false];
    expect(overdue(OPEN)).toEqual([false, true, true]);
    expect(overdue(OPEN, "failed")).toEqual([false, true, true]);
    for (const state of ["approved", "active", "ending"] as const)
      expect(overdue(OPEN, state)).toEqual(never);
    expect(overdue(CLOSED)).toEqual(never);
    expect(overdue()).toEqual(never);
  });
});
