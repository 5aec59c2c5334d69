/** The meaning of a request's body once it is read. */
import { describe, expect, it } from "vitest";
import { settings } from "../../../../lab/fakes/builders.ts";
import { decisionBody, decisionOf } from "../../../../shared/http/contract/decision-body.ts";
import { askOf, reasonText, requestBody } from "../../../../shared/http/contract/request-body.ts";
import { HOSTILE } from "../../../hostile-characters.ts";

const accessAskedBy = (access: unknown) =>
  askOf(
    requestBody(settings()).parse({ cluster: "prod", access, reason: "INC-1 rollout" } as never),
  ).access;

describe("The body of a request", () => {
  it("A namespace that is named twice is asked for once", () => {
    const namespaces = ["payments-web", "payments-api", "payments-web"];
    const access = { policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces } };
    expect(accessAskedBy(access)).toEqual({
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["payments-web", "payments-api"] },
    });
  });

  it("A group that is named twice is asked for once", () => {
    expect(accessAskedBy({ groups: ["editors", "viewers", "editors"] })).toEqual({
      groups: ["editors", "viewers"],
    });
  });

  it("A namespace that an approval for less names twice remains once", () => {
    const less = { namespaces: ["payments-api", "payments-api"] };
    const body = { verdict: "approve", digest: "0".repeat(64), less };
    expect(decisionOf(decisionBody(settings()).parse(body as never))).toMatchObject({
      less: { namespaces: ["payments-api"] },
    });
  });
});

describe("A reason", () => {
  const isTaken = (reason: string) => reasonText().safeParse(reason).success;

  it.each(Object.entries(HOSTILE))("It takes none of the %s", (_, points) => {
    for (const point of points)
      expect(isTaken(`INC-1 ${String.fromCodePoint(point)}x`)).toBe(false);
  });

  it.each(["INC-1 stuck rollout", "größere Störung", "障害対応", "किताब", "e\u0301tat", "🚒 fire"])(
    "It takes %s",
    (reason) => {
      expect(isTaken(reason)).toBe(true);
    },
  );
});
