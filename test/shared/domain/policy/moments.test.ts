import { expect, it } from "vitest";
import { momentsOf, momentsOfAsk } from "../../../../shared/domain/policy/moments.ts";

const [CREATED, START, DECIDED] = [
  "2026-11-24T10:00:00.000Z",
  "2026-11-24T12:00:00.000Z",
  "2026-11-24T11:00:00.000Z",
] as const;
const request = { createdAt: CREATED, startsAt: START };
const escalatedFrom = { rule: "x", durationSeconds: 1, startsAt: null, digest: "d" };

it("A request is judged by when it was made, starts, and is decided", () => {
  expect(momentsOf(request, DECIDED)).toEqual({
    askedAt: CREATED,
    startsAt: START,
    decidedAt: DECIDED,
  });
  expect(momentsOf(request, null)).toEqual({ askedAt: CREATED, startsAt: START, decidedAt: null });
});

it("One that became break-glass was asked for when that was decided", () => {
  const glass = { ...request, startsAt: null, escalatedFrom };
  expect(momentsOf(glass, DECIDED)).toEqual({
    askedAt: DECIDED,
    startsAt: null,
    decidedAt: DECIDED,
  });
  expect(momentsOf(glass, null)).toEqual({ askedAt: CREATED, startsAt: null, decidedAt: null });
});

it("An ask is judged by the time at which it is asked", () => {
  expect(momentsOfAsk({ startsAt: START }, CREATED)).toEqual({
    askedAt: CREATED,
    startsAt: START,
    decidedAt: null,
  });
});
