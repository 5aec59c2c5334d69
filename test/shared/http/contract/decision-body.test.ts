import { describe, expect, it } from "vitest";
import { settings } from "../../../../lab/fakes/builders.ts";
import { bodyFaults } from "../../../../shared/http/contract/body-faults.ts";
import { decisionBody, decisionOf } from "../../../../shared/http/contract/decision-body.ts";

const digest = "a".repeat(64);
const schema = decisionBody(settings());
const faults = (over: object) => {
  const read = schema.safeParse({ verdict: "approve", digest, ...over });
  return read.success ? [] : bodyFaults(read.error).map(({ pointer }) => pointer);
};

describe("The body of a decision", () => {
  it.each([
    [
      { verdict: "approve", digest },
      { verdict: "approve", digest },
    ],
    [
      { verdict: "deny", digest, note: "use staging" },
      { verdict: "deny", digest, note: "use staging" },
    ],
    [
      { verdict: "approve", digest, less: { duration: "1h30m" } },
      { verdict: "approve", digest, less: { durationSeconds: 5_400 } },
    ],
    [
      { verdict: "approve", digest, less: { duration: "30m", namespaces: ["a", "b-*"] } },
      { verdict: "approve", digest, less: { durationSeconds: 1_800, namespaces: ["a", "b-*"] } },
    ],
  ])("A decision is read as it was sent: %j", (body, decision) => {
    expect(decisionOf(schema.parse(body))).toEqual(decision);
  });

  it.each([
    ["less of a denial", { verdict: "deny", less: { duration: "30m" } }, ["/less"]],
    ["less of nothing", { less: {} }, ["/less"]],
    ["no time", { less: { duration: "0m" } }, ["/less/duration"]],
    ["a negative time", { less: { duration: "-30m" } }, ["/less/duration"]],
    ["less than the shortest time", { less: { duration: "4m" } }, ["/less/duration"]],
    ["seconds as a number", { less: { duration: 1_800 } }, ["/less/duration"]],
    ["no namespaces", { less: { namespaces: [] } }, ["/less/namespaces"]],
    ["a namespace in upper case", { less: { namespaces: ["a", "B"] } }, ["/less/namespaces/1"]],
    ["51 namespaces", { less: { namespaces: Array(51).fill("a") } }, ["/less/namespaces"]],
    [
      "another policy",
      { less: { duration: "30m", policy: "AmazonEKSViewPolicy" } },
      ["/less/policy"],
    ],
    ["a scope", { less: { duration: "30m", scope: "cluster" } }, ["/less/scope"]],
    ["a duration beside it", { duration: "30m" }, ["/duration"]],
    ["another verdict", { verdict: "maybe" }, ["/verdict"]],
  ])("A decision with %s is refused, and the fault is named", (_, over, pointers) => {
    expect(faults(over)).toEqual(pointers);
  });
});
