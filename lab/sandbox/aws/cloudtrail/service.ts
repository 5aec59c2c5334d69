import { AwsError, type Service } from "../service.ts";
import { trailOperations } from "./describe-trails.ts";
import { lookupEvents } from "./lookup-events.ts";
import type { TrailHistory } from "./state.ts";

/** "The rate of lookup requests is limited to two per second, per account, per Region." */
const CALLS_PER_SECOND = 2;

/**
 * AWS CloudTrail over AWS JSON 1.1: `LookupEvents`, and what says that a trail records.
 * @param now milliseconds since 1970, for the limit of calls
 */
export function cloudTrailService(history: TrailHistory, now: () => number = Date.now): Service {
  let calls: readonly number[] = [];
  const admit = () => {
    const at = now();
    calls = calls.filter((earlier) => earlier > at - 1000);
    if (calls.length >= CALLS_PER_SECOND)
      throw new AwsError("ThrottlingException", 400, "Rate exceeded");
    calls = [...calls, at];
  };
  return {
    name: "cloudtrail",
    protocol: {
      kind: "json",
      version: "1.1",
      // The second is botocore's.
      targetPrefixes: [
        "CloudTrail_20131101.",
        "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.",
      ],
      queryError: false,
      errorNamespace: "",
    },
    operations: {
      ...trailOperations("us-west-2"),
      LookupEvents: {
        permissions: () => [{ action: "cloudtrail:LookupEvents", resource: "*" }],
        run: (call) => {
          admit();
          return lookupEvents(history, call);
        },
      },
    },
  };
}
