/** What kubectl's refusal lacks: whether somebody has asked already. */
import { describe, expect, it } from "vitest";
import { missingGrant } from "../../../cli/kubernetes/live-grant.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { fakeApi } from "../fake-terminal.ts";
import { activated, answerTo, approved, asked } from "../sample-requests.ts";

const NOW = "2026-11-24T10:01:30.000Z";
const PENDING = answerTo(asked());
const APPROVED = answerTo(approved(asked()));
const ACTIVE = answerTo(activated(approved(asked())));

const missing = (
  {
    mine = [],
    grants = [],
  }: Readonly<Partial<Record<"mine" | "grants", readonly RequestAnswer[]>>>,
  cluster = "prod",
) =>
  missingGrant(
    async () =>
      fakeApi(({ path }) => {
        if (path === "/v1/whoami") return { person: "alice", groups: [], roles: [] };
        return { requests: path === "/v1/grants" ? grants : mine };
      }),
    cluster,
    NOW,
  );

describe("The remark beside kubectl's refusal", () => {
  it("It names a pending request by its id, and offers no other", async () => {
    const found = await missing({ mine: [PENDING] });
    expect(found?.canAsk).toBe(false);
    expect(found?.text).toMatch(
      /^timelatch: No access is lent to you on prod now\. Your request waits for approval; it lapses in .+\.\n {2}timelatch show /,
    );
    expect(found?.text).toContain(PENDING.id);
  });

  it("It says that an approved request is about to begin, or when", async () => {
    const soon = await missing({ grants: [APPROVED] });
    expect(soon).toMatchObject({ canAsk: false });
    expect(soon?.text).toContain("approved: access will be active in a few seconds.");
    const later = { ...APPROVED, startsAt: "2026-11-24T15:00:00.000Z" };
    expect((await missing({ grants: [later] }))?.text).toContain("access starts 15:00 UTC, in 4h");
  });

  it("It offers to ask where the requests are for another cluster, or decided", async () => {
    const denied: RequestAnswer = { ...PENDING, state: "denied" };
    for (const found of [
      await missing({ mine: [PENDING] }, "staging"),
      await missing({ mine: [denied] }),
    ]) {
      expect(found?.canAsk).toBe(true);
      expect(found?.text).toContain("Ask for it:");
    }
  });

  it("There is none while access is active, whatever else is asked for", async () => {
    expect(await missing({ mine: [PENDING], grants: [APPROVED, ACTIVE] })).toBeUndefined();
  });
});
