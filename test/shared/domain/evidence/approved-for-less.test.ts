import { describe, expect, it } from "vitest";
import { contradicted } from "../../../../cli/audit/bundle-agrees.ts";
import { aFirstStep, anOffer, aPolicy, aStep } from "../../../../lab/fakes/builders.ts";
import { ocsfMapper } from "../../../../shared/domain/evidence/ocsf/ocsf.ts";
import { populationBuilder } from "../../../../shared/domain/evidence/report/population.ts";
import type { Access } from "../../../../shared/domain/requests/request.ts";
import { requestAnswer } from "../../../../shared/http/server/request-answer.ts";

const inNamespaces = (...namespaces: string[]): Access => ({
  policy: "AmazonEKSEditPolicy",
  scope: { type: "namespace", namespaces },
});
const ASKED = aFirstStep({ access: inNamespaces("payments-api", "payments-web") });
const SHORTER = anOffer(ASKED.request, { durationSeconds: 1_800 }, "pending");
const FEWER = anOffer(SHORTER.request, { access: inNamespaces("payments-web") });
const ACTIVE = aStep(FEWER.request, {
  type: "activate",
  details: { calls: [], authenticationMode: "API" },
});
const EVENTS = [ASKED, SHORTER, FEWER, ACTIVE].map(({ event }) => event);

describe("A request that was approved for less", () => {
  it("A report has what was approved, and besides it what was asked for", () => {
    const population = populationBuilder();
    for (const event of EVENTS) population.add(event);
    expect(population.requests()).toMatchObject([
      {
        access: "AmazonEKSEditPolicy in payments-web",
        askedFor: "AmazonEKSEditPolicy in payments-api, payments-web for 1h",
        approvedFor: "AmazonEKSEditPolicy in payments-web for 30m",
      },
    ]);
  });

  it("A report of a request that was approved as it was asked says nothing of it", () => {
    const population = populationBuilder();
    population.add(ASKED.event);
    expect(population.requests()).toMatchObject([{ askedFor: null, approvedFor: null }]);
  });

  it("OCSF shows the access that was given, not the one that was asked for", () => {
    const mapper = ocsfMapper();
    const mapped = EVENTS.flatMap((event) => mapper.map(event));
    const given = JSON.stringify(mapped.at(-1));
    expect(given).toContain("payments-web");
    expect(given).not.toContain("payments-api");
  });

  it("A bundle's request agrees with its history, and is contradicted where it claims other terms", () => {
    const request = { ...requestAnswer(ACTIVE.request, aPolicy()) };
    expect(contradicted(request, EVENTS)).toEqual([]);
    const { access, durationSeconds, digest } = requestAnswer(ASKED.request, aPolicy());
    expect(contradicted({ ...request, access, durationSeconds, digest }, EVENTS)).toEqual([
      "access",
      "durationSeconds",
      "digest",
    ]);
    const { earlierTerms: _, ...silent } = request;
    expect(contradicted(silent, EVENTS)).toEqual(["earlierTerms"]);
  });
});
