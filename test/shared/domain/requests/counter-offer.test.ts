import { describe, expect, it } from "vitest";
import { aRequest, settings, T0 } from "../../../../lab/fakes/builders.ts";
import {
  type CounterOffer,
  offeredTerms,
} from "../../../../shared/domain/requests/counter-offer.ts";
import type { Access } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

type Changed = Parameters<typeof aRequest>[0];

const inNamespaces = (...namespaces: string[]): Access => ({
  policy: "AmazonEKSEditPolicy",
  scope: { type: "namespace", namespaces },
});
const ASKED: Changed = { access: inNamespaces("a", "b", "c-*"), durationSeconds: 3_600 };
const offered = (offer: CounterOffer, changed: Changed = {}, at = T0) =>
  offeredTerms(aRequest({ ...ASKED, ...changed }), offer, settings(), at);

describe("A counter-offer", () => {
  it.each<[string, CounterOffer, Access, number]>([
    ["a shorter duration", { durationSeconds: 1_800 }, inNamespaces("a", "b", "c-*"), 1_800],
    ["the shortest duration", { durationSeconds: 300 }, inNamespaces("a", "b", "c-*"), 300],
    ["fewer namespaces", { namespaces: ["b", "a"] }, inNamespaces("a", "b"), 3_600],
    [
      "names that a pattern covers",
      { namespaces: ["c-2", "a", "c-1"] },
      inNamespaces("a", "c-1", "c-2"),
      3_600,
    ],
    ["a narrower pattern", { namespaces: ["c-x-*"] }, inNamespaces("c-x-*"), 3_600],
    ["the same namespace twice", { namespaces: ["a", "a"] }, inNamespaces("a"), 3_600],
    ["both", { namespaces: ["a"], durationSeconds: 600 }, inNamespaces("a"), 600],
    [
      "the same namespaces for less",
      { namespaces: ["b", "a", "c-*"], durationSeconds: 600 },
      inNamespaces("a", "b", "c-*"),
      600,
    ],
  ])("A counter-offer may name %s", (_, offer, access, durationSeconds) => {
    expect(offered(offer)).toEqual({ access, durationSeconds });
  });

  it.each<[string, CounterOffer, string]>([
    ["longer by a second", { durationSeconds: 3_601 }, "longer-than-asked"],
    ["without end", { durationSeconds: Number.POSITIVE_INFINITY }, "longer-than-asked"],
    ["zero", { durationSeconds: 0 }, "too-short"],
    ["negative", { durationSeconds: -600 }, "too-short"],
    ["no number", { durationSeconds: Number.NaN }, "too-short"],
    ["a fraction", { durationSeconds: 600.5 }, "too-short"],
    ["below the shortest that is lent", { durationSeconds: 299 }, "too-short"],
    ["as long as asked", { durationSeconds: 3_600 }, "not-less"],
  ])("A duration that is %s is refused", (_, offer, code) => {
    expect(() => offered(offer)).toThrow(expect.objectContaining({ code }));
  });

  it.each<[string, CounterOffer["namespaces"] & object, string]>([
    ["none", [], "namespace-not-asked"],
    ["one that was not asked for", ["a", "d"], "namespace-not-asked"],
    ["every namespace", ["*"], "namespace-not-asked"],
    ["a wider pattern", ["c*"], "namespace-not-asked"],
    ["an empty name", [""], "namespace-not-asked"],
    ["those that were asked for", ["c-*", "b", "a"], "not-less"],
    ["those that were asked for, and one that is covered", ["c-*", "b", "a", "c-1"], "not-less"],
  ])("Namespaces are refused where they are %s", (_, namespaces, code) => {
    expect(() => offered({ namespaces })).toThrow(expect.objectContaining({ code }));
  });

  it("A counter-offer of nothing is refused", () => {
    expect(() => offered({})).toThrow(expect.objectContaining({ code: "not-less" }));
  });

  it.each<[string, Access]>([
    ["the whole cluster", { policy: "AmazonEKSEditPolicy", scope: { type: "cluster" } }],
    ["Kubernetes groups", { groups: ["g", "h"] }],
  ])("A request for %s can only be made shorter", (_, access) => {
    expect(() => offered({ namespaces: ["a"] }, { access })).toThrow(
      expect.objectContaining({ code: "no-namespaces-asked" }),
    );
    expect(offered({ durationSeconds: 600 }, { access })).toEqual({ access, durationSeconds: 600 });
  });

  it("A break-glass request is approved as it was asked for", () => {
    expect(() => offered({ durationSeconds: 600 }, { breakGlass: true })).toThrow(
      expect.objectContaining({ code: "break-glass-as-asked" }),
    );
  });

  it.each<[string, CounterOffer]>([
    ["a shorter duration", { durationSeconds: 600 }],
    ["fewer namespaces", { namespaces: ["a"] }],
  ])("An extension is approved as it was asked for, and not for %s", (_, offer) => {
    expect(() => offered(offer, { extends: "01", until: T0 })).toThrow(
      "An extension is approved as it was asked for, or not at all. Nothing was changed; approve all of it, or deny it and have the requester ask for less.",
    );
  });

  it("A request with a start needs enough time left that its access can begin", () => {
    const startsAt = T0;
    // 600 s without margin, granularity, and what is too late to begin.
    const latest = plusSeconds(startsAt, 600 - 120 - 60 - 90);
    const at = (instant: string) => offered({ durationSeconds: 600 }, { startsAt }, instant);
    expect(at(plusSeconds(latest, -1))).toMatchObject({ durationSeconds: 600 });
    expect(() => at(latest)).toThrow(expect.objectContaining({ code: "too-short" }));
  });

  it("A refusal says what was asked for", () => {
    expect(() => offered({ namespaces: ["d"] })).toThrow(
      "d was not asked for. Nothing was changed; name some of a, b, c-*.",
    );
    expect(() => offered({ durationSeconds: 7_200 })).toThrow(
      "2h is longer than the 1h that were asked for. Nothing was changed; name a shorter duration.",
    );
  });
});
