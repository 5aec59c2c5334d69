/** The gain of a forged record that claims that a request became break-glass. */
import { describe, expect, it } from "vitest";
import { forge } from "../../../../../lab/fakes/broker-sights.ts";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { PAYMENTS_GLASS, policyWithGlass } from "../../../../../lab/fakes/glass-policy.ts";
import { edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { digestOf } from "../../../../../shared/domain/requests/digest.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { escalateRequest } from "../../../../../shared/usecases/requests/escalate-request.ts";

/** A request of alice for ten minutes that became break-glass, and nothing was added yet. */
async function escalated() {
  const broker = memoryBroker({ policy: policyWithGlass() });
  const asked = await broker.ask({ durationSeconds: 600 });
  const glass = await escalateRequest(broker.front, broker.actor("alice"), asked.id, null);
  return { broker, glass };
}

/** The forger can calculate a digest too. */
const signed = (glass: AccessRequest, change: Partial<AccessRequest>) => ({
  ...change,
  digest: digestOf({ ...glass, ...change }),
});
const from = (glass: AccessRequest, change: object) => ({
  escalatedFrom: { ...glass.escalatedFrom, ...change } as AccessRequest["escalatedFrom"] & object,
});
/** Earlier terms whose own digest is right. */
const trueFrom = (glass: AccessRequest, change: Partial<AccessRequest>) => {
  const { escalatedFrom, ...rest } = { ...glass };
  const before = { ...rest, ...escalatedFrom, ...change };
  return from(glass, { ...change, digest: digestOf(before) });
};

type Forgery = (glass: AccessRequest) => Partial<AccessRequest>;
const longer = {
  durationSeconds: 1_800,
  expiresAt: plusSeconds(T0, 1_800),
  revokeAt: plusSeconds(T0, 1_680),
};

describe("A record forged around an escalation to break-glass", () => {
  it.each<[string, Forgery, string]>([
    ["lasts longer under the digest of less", () => longer, "digest-mismatch"],
    ["lasts longer than was asked for", (one) => signed(one, longer), "escalation-false"],
    [
      "claims that longer was asked for, under the digest of less",
      (one) => signed(one, { ...longer, ...from(one, { durationSeconds: 3_600 }) }),
      "escalation-false",
    ],
    [
      "says it never was another request",
      () => ({ escalatedFrom: undefined as never }),
      "digest-mismatch",
    ],
    [
      "names another earlier digest",
      (one) => signed(one, from(one, { digest: "0".repeat(64) })),
      "escalation-false",
    ],
    [
      "has earlier terms of another rule",
      (one) => signed(one, from(one, { rule: "view-staging" })),
      "escalation-false",
    ],
    [
      "became break-glass from the rule that it has",
      (one) => signed(one, trueFrom(one, { rule: one.rule })),
      "escalation-false",
    ],
    [
      "claims a start that was asked for",
      (one) => signed(one, { startsAt: plusSeconds(T0, -60) }),
      "escalation-false",
    ],
    ["is not marked as break-glass", () => ({ breakGlass: false }), "escalation-false"],
    [
      "claims an ordinary rule",
      (one) => signed(one, { rule: "staging-groups", ...trueFrom(one, {}) }),
      "other-cluster",
    ],
    [
      "claims the rule that asks its approvers",
      (one) => signed(one, { rule: "payments-edit", ...trueFrom(one, { rule: PAYMENTS_GLASS }) }),
      "not-approved",
    ],
    [
      "gives other namespaces",
      (one) => signed(one, { access: edit("payments-web"), ...trueFrom(one, {}) }),
      "escalation-false",
    ],
    [
      "gives namespaces that its rule does not lend, and says that they were asked for",
      (one) => {
        const access = edit("kube-system");
        const { escalatedFrom, ...rest } = { ...one, access };
        const digest = digestOf({ ...rest, ...escalatedFrom, access });
        return signed(one, { access, ...from(one, { digest }) });
      },
      "other-access",
    ],
    [
      "hides other access among its earlier terms",
      (one) => signed(one, { access: edit("payments-web"), ...from(one, { access: one.access }) }),
      "escalation-false",
    ],
    ["is somebody else's", (one) => signed(one, { requester: "bob" }), "escalation-false"],
    ["has no review", () => ({ review: undefined as never }), "review-differs"],
    [
      "has a review that was closed before it began",
      (one) => ({
        review: {
          ...(one.review ?? { by: [], dueAt: T0 }),
          closed: { person: "bob", at: T0, note: "ok" },
        },
      }),
      "review-differs",
    ],
    [
      "claims to be an extension",
      (one) => {
        const claim = { extends: one.id, until: one.expiresAt ?? "" };
        return signed(one, { ...claim, ...trueFrom(one, claim) });
      },
      "escalation-false",
    ],
  ])("A record gains nothing where it %s", async (_, forgery, code) => {
    const { broker, glass } = await escalated();
    forge(broker, glass, forgery(glass));
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    const stored = await broker.reload(glass);
    expect(stored).toMatchObject({ state: "failed", outcome: { code } });
  });

  it.each([
    ["with the digest of that time", true],
    ["without a digest, as an earlier release stored them", false],
  ])(
    "Approvals from before, %s, do not count for a break-glass rule that asks for some",
    async (_, isNamed) => {
      const glassRule = { approval: [{ groups: ["payments-leads"], count: 1 }] };
      const broker = memoryBroker({ policy: policyWithGlass(glassRule) });
      const asked = await broker.grant({ durationSeconds: 600 });
      const { rule, durationSeconds, startsAt, digest } = asked;
      const change = {
        rule: PAYMENTS_GLASS,
        breakGlass: true,
        escalatedFrom: { rule, durationSeconds, startsAt, digest },
        review: { by: ["payments-leads"], dueAt: plusSeconds(T0, 60), closed: null },
      };
      const approvals = asked.approvals.map(({ digest: of, ...each }) =>
        isNamed && of !== undefined ? { ...each, digest: of } : each,
      );
      forge(broker, asked, { ...signed(asked, change), approvals });
      await broker.converge();
      expect(broker.entries.calls).toEqual([]);
      expect(await broker.reload(asked)).toMatchObject({ outcome: { code: "not-approved" } });
    },
  );
});
