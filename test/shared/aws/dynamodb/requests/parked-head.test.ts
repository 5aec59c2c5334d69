/** The updates of a head that are not steps, as DynamoDB is asked for them. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../../lab/fakes/builders.ts";
import { approverKeys } from "../../../../../shared/aws/dynamodb/keys.ts";
import { mendings } from "../../../../../shared/aws/dynamodb/requests/parked-head.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import type { BindingView } from "../../../../../shared/ports/binding-store.ts";

const view = (broken: readonly string[], more: Partial<BindingView> = {}): BindingView => ({
  binding: "b",
  version: 3,
  ledgerRevision: 1,
  ledgerHolds: true,
  isWhole: true,
  grants: [],
  leftOut: [],
  attempts: 0,
  reservedBytes: 0,
  broken,
  dueAt: null,
  dueFor: "confirmation",
  removeAt: null,
  driftCheckAt: null,
  ...more,
});

describe("A head that is mended", () => {
  it("Only what is broken goes, and only from the head that was seen", () => {
    const [change, ...others] = mendings(view(["a", "b"], { dueAt: T0 }));
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      UpdateExpression: "REMOVE #n0, #n1",
      ExpressionAttributeNames: { "#n0": "a", "#n1": "b" },
      ExpressionAttributeValues: { ":dueAt": T0, ":version": 3 },
    });
  });

  it("No value is named where none is compared, since DynamoDB refuses an empty list of them", () => {
    expect(mendings(view(["version"]))[0]).not.toHaveProperty("ExpressionAttributeValues");
  });

  it("A hundred attributes go in one update, and a thousand in one run", () => {
    const many = Array.from({ length: 1_150 }, (_, at) => `a${at}`);
    const names = mendings(view(many)).map(({ ExpressionAttributeNames: each }) =>
      Object.values(each),
    );
    expect(names.map((each) => each.length)).toEqual(Array.from({ length: 10 }, () => 100));
    expect(names.flat()).toEqual(many.slice(0, 1_000));
  });
});

describe("The pointers of a pending request", () => {
  it("They keep their place while the request changes, so that its end finds them", () => {
    const request = aRequest();
    const later = { ...request, updatedAt: plusSeconds(request.createdAt, 60) };
    expect(approverKeys(request).length).toBeGreaterThan(0);
    expect(approverKeys(later)).toEqual(approverKeys(request));
  });
});
