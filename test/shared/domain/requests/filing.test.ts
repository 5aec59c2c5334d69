/** The names under which a pending request is found. */
import { describe, expect, it } from "vitest";
import { ALICE, aRequest, BOB, STAGING } from "../../../../lab/fakes/builders.ts";
import { extensionTerms, filingOf } from "../../../../shared/domain/requests/filing.ts";

const request = aRequest();
const filed = (more: object) => filingOf({ ...request, ...more }).terms;

describe("The filing of a pending request", () => {
  it("Two requests have the same name only if person, cluster, principal, access and rule are the same", () => {
    const others = [
      { requester: "erin" },
      { cluster: STAGING },
      { principalArn: BOB },
      { access: { groups: ["admins"] } },
      { rule: "break-glass" },
      { extends: "a grant" },
    ];
    expect(request.principalArn).toBe(ALICE);
    expect(new Set([{}, ...others].map(filed)).size).toBe(others.length + 1);
    for (const same of [{ id: "another" }, { reason: "another" }, { durationSeconds: 7_200 }])
      expect(filed(same)).toBe(filed({}));
  });

  it("All extensions of a grant have one name, and those of another grant have another", () => {
    expect(filed({ extends: "one" })).toBe(extensionTerms("one"));
    expect(filed({ extends: "one", rule: "another" })).toBe(extensionTerms("one"));
    expect(extensionTerms("one")).not.toBe(extensionTerms("two"));
  });

  it("It is found by each group that may approve it, once, and it keeps its first filing", () => {
    const requirements = [
      { groups: ["leads", "sre"], count: 1 },
      { groups: ["sre"], count: 2 },
    ];
    const { groups } = filingOf({ ...request, requirements });
    expect(groups).toEqual(["leads", "sre"]);
    const first = { terms: "first", groups: ["x"] };
    expect(filingOf({ ...request, filed: first })).toBe(first);
  });
});
