/** The gain of a forged record that claims that approvals for less were for more. */
import { describe, expect, it } from "vitest";
import { forge } from "../../../../../lab/fakes/broker-sights.ts";
import { forgeWhole } from "../../../../../lab/fakes/forge-whole.ts";
import { edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { digestOf } from "../../../../../shared/domain/requests/digest.ts";
import type {
  AccessRequest,
  LessenedTerms,
} from "../../../../../shared/domain/requests/request.ts";
import { decideRequest } from "../../../../../shared/usecases/requests/decide-request.ts";

const WIDE: LessenedTerms = {
  access: edit("payments-api", "payments-web"),
  durationSeconds: 3_600,
};
const LESS: LessenedTerms = { access: edit("payments-api"), durationSeconds: 1_800 };

/** A grant that bob approved for less, with what was asked for among its earlier terms. */
async function approvedForLess() {
  const broker = memoryBroker();
  const asked = await broker.ask(WIDE);
  const approved = await decideRequest(broker.front, broker.actor("bob"), asked.id, {
    verdict: "approve",
    digest: asked.digest,
    less: { durationSeconds: 1_800, namespaces: ["payments-api"] },
  });
  return { broker, asked, approved };
}

const named = (request: AccessRequest, terms: LessenedTerms) => ({
  ...terms,
  digest: digestOf({ ...request, ...terms }),
});
const by = (person: string, digest?: string) => ({
  person,
  surface: "api",
  at: "x",
  proof: {},
  ...(digest === undefined ? {} : { digest }),
});

type Forgery = (approved: AccessRequest) => object;
const wide = (approved: AccessRequest) => named(approved, WIDE);
const less = (approved: AccessRequest) => named(approved, LESS);

describe("A record from which others took what was asked for first", () => {
  it.each<[string, object]>([
    ["no earlier terms", { earlierTerms: undefined }],
    ["an empty list of them", { earlierTerms: [] }],
  ])(
    "It has %s: nothing begins, so that no extension passes for one of a grant that nobody cut",
    async (_, cut) => {
      const { broker, approved } = await approvedForLess();
      forge(broker, approved, cut);
      await broker.converge();
      broker.clock.advance(60);
      await broker.converge();
      expect(broker.entries.calls).toEqual([]);
      expect(await broker.reload(approved)).toMatchObject({ outcome: { code: "not-on-record" } });
    },
  );
});

describe("A record forged around an approval for less", () => {
  it.each<[string, Forgery, string]>([
    ["claims the terms that were asked for", wide, "terms-widened"],
    [
      "claims them, and no earlier ones",
      (one) => ({ ...wide(one), earlierTerms: [] }),
      "not-approved",
    ],
    [
      "claims that less was asked for first",
      (one) => ({ ...wide(one), earlierTerms: [less(one)] }),
      "terms-widened",
    ],
    [
      "names the digest of less for more",
      (one) => ({ ...WIDE, digest: one.digest }),
      "digest-mismatch",
    ],
    [
      "claims earlier terms under a digest that is not theirs",
      (one) => ({ earlierTerms: [{ ...WIDE, durationSeconds: 7_200, digest: wide(one).digest }] }),
      "terms-widened",
    ],
    [
      "claims that more was approved before, under the digest of less",
      (one) => ({
        ...wide(one),
        earlierTerms: [{ ...WIDE, durationSeconds: 7_200, digest: one.digest }],
      }),
      "terms-widened",
    ],
    ["has an approval without a digest", () => ({ approvals: [by("bob")] }), "terms-widened"],
    [
      "has an approval without a digest besides that of somebody who may not approve",
      (one) => ({ approvals: [by("carol", one.digest), by("bob")] }),
      "not-approved",
    ],
    [
      "has an approval for terms that nobody offered",
      (one) => ({ approvals: [by("carol", one.digest), by("bob", "0".repeat(64))] }),
      "not-approved",
    ],
    [
      "has a counter-offer by its requester",
      (one) => ({ approvals: [by("bob", wide(one).digest), by("alice", one.digest)] }),
      "self-approval",
    ],
    [
      "has a counter-offer by nobody",
      (one) => ({ approvals: [by("bob", wide(one).digest)] }),
      "terms-widened",
    ],
    [
      "has a counter-offer alone, by somebody who may not approve",
      (one) => ({ approvals: [by("carol", one.digest)] }),
      "not-approved",
    ],
  ])("A record gains nothing where it %s", async (_, forgery, code) => {
    const { broker, approved } = await approvedForLess();
    forge(broker, approved, forgery(approved));
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(approved)).toMatchObject({ state: "failed", outcome: { code } });
  });

  it("An approval of an earlier release counts for the only terms that there are", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant(WIDE);
    forgeWhole(broker, grant, { approvals: [by("bob")] });
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("The approval for more of somebody else counts for less, even if who offered it has left", async () => {
    const { broker, approved } = await approvedForLess();
    const approvals = [by("bob", wide(approved).digest), by("erin", approved.digest)];
    forgeWhole(broker, approved, { approvals });
    await broker.converge();
    expect(await broker.reload(approved)).toMatchObject({ state: "active" });
    expect(broker.namespaces("arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy")).toEqual(
      ["payments-api"],
    );
  });

  it("A grant whose record is widened while it is active gets no more", async () => {
    const { broker, approved } = await approvedForLess();
    await broker.converge();
    forge(broker, await broker.reload(approved), wide(approved));
    await broker.converge();
    const there = broker.namespaces("arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy");
    expect(there).not.toContain("payments-web");
  });
});
