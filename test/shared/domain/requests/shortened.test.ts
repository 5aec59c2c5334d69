import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { isShortened, shortenedMember } from "../../../../shared/domain/requests/shortened.ts";

const HOUR = 3_600;
const request: AccessRequest = { ...aRequest(), durationSeconds: HOUR };
const earlier = (durationSeconds: number) =>
  [{ access: request.access, durationSeconds, digest: "a".repeat(64) }] as const;
/** It became break-glass, whose rule lends for half of the time. */
const glass = {
  breakGlass: true,
  durationSeconds: HOUR / 2,
  escalatedFrom: { rule: "edit", durationSeconds: HOUR, startsAt: null, digest: "b".repeat(64) },
};

describe("Whether an approver cut the time of a grant", () => {
  it.each<[string, Partial<AccessRequest>, boolean]>([
    ["One that was approved as asked was not cut", {}, false],
    ["One with less time than was asked for was", { earlierTerms: earlier(HOUR + 1) }, true],
    ["One with fewer namespaces was not", { earlierTerms: earlier(HOUR) }, false],
    ["One whose predecessor was cut was", { shortened: true }, true],
    ["One that became break-glass for less was not", glass, false],
    [
      "One that was cut before it became break-glass was",
      { ...glass, earlierTerms: earlier(HOUR + 1) },
      true,
    ],
    [
      "One with fewer namespaces that became break-glass for less was not",
      { ...glass, earlierTerms: earlier(HOUR) },
      false,
    ],
  ])("%s", (_, change, isCut) => {
    const grant = { ...request, ...change };
    expect(isShortened(grant)).toBe(isCut);
    expect(shortenedMember(grant)).toEqual(isCut ? { shortened: true } : {});
  });
});
