/** The order of a request's facts on its page. */
import { describe, expect, it } from "vitest";
import { requestFacts } from "../../../../cli/text/request-facts.ts";
import { inReadingOrder } from "../../../../console/views/request/fact-order.ts";
import { answerTo, asked } from "../../../cli/sample-requests.ts";

const facts = requestFacts(answerTo(asked()), "2026-11-24T10:05:00.000Z");

describe("The facts on a request's page", () => {
  it("They begin with who, what and why, and the id and digest stand behind", () => {
    const names = inReadingOrder(facts).map(([name]) => name);
    expect(names.slice(0, 5)).toEqual(["Who", "Access", "Cluster", "For", "Reason"]);
    expect(names.indexOf("Digest")).toBeGreaterThan(names.indexOf("Requested"));
  });

  it("All of them are there but the state, which stands above", () => {
    const names = (of: typeof facts) => of.map(([name]) => name).toSorted();
    expect(names(inReadingOrder(facts))).toEqual(names(facts).filter((name) => name !== "State"));
  });
});
