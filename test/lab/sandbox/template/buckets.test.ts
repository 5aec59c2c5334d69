import { describe, expect, it } from "vitest";
import { loadStack } from "../../../../lab/sandbox/template/load-stack.ts";
import { assembly, PLACE } from "./assembly-fixture.ts";

const load = (bucket: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  loadStack(assembly({ Archive: { Type: "AWS::S3::Bucket", Properties: bucket }, ...more }), PLACE)
    .buckets;
const lock = (DefaultRetention: Record<string, unknown>) => ({
  ObjectLockEnabled: true,
  ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention } },
});

describe("a bucket of the template", () => {
  it("A bucket has a name that S3 takes, and nothing else if the template says nothing", () => {
    expect(load({})).toEqual([
      {
        name: "timelatch-archive-111122223333",
        isVersioned: false,
        isLockable: false,
        policies: [],
      },
    ]);
  });

  it("A bucket with Object Lock is versioned, and locks for days or years", () => {
    expect(load(lock({ Mode: "COMPLIANCE", Years: 2 }))[0]).toMatchObject({
      isVersioned: true,
      isLockable: true,
      defaultRetention: { mode: "COMPLIANCE", days: 730 },
    });
    expect(load(lock({ Mode: "GOVERNANCE", Days: 1 }))[0]?.defaultRetention).toEqual({
      mode: "GOVERNANCE",
      days: 1,
    });
  });

  it("A bucket has the documents of its policies", () => {
    const document = { Version: "2012-10-17", Statement: [] };
    const policy = {
      Type: "AWS::S3::BucketPolicy",
      Properties: { Bucket: { Ref: "Archive" }, PolicyDocument: document },
    };
    expect(load({}, { Policy: policy })[0]?.policies).toEqual([document]);
  });

  it.each([
    ["suspended versioning", { VersioningConfiguration: { Status: "Suspended" } }, "suspended"],
    [
      "retention and no Object Lock",
      { ...lock({ Mode: "COMPLIANCE", Days: 1 }), ObjectLockEnabled: false },
      "alone",
    ],
    ["another mode", lock({ Mode: "SOFT", Days: 1 }), "default retention"],
    ["retention of no time", lock({ Mode: "COMPLIANCE" }), "default retention"],
    ["another property", { ReplicationConfiguration: {} }, "ReplicationConfiguration"],
  ])("A bucket with %s is refused", (_what, properties, text) => {
    expect(() => load(properties)).toThrow(text);
  });
});
