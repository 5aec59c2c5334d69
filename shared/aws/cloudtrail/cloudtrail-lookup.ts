import {
  CloudTrailClient,
  type CloudTrailClientConfig,
  LookupEventsCommand,
} from "@aws-sdk/client-cloudtrail";
import { LookupThrottled, type TrailLookup } from "../../ports/trail-lookup.ts";

/** LookupEvents. It needs no trail. */
export function cloudTrailLookup(config: CloudTrailClientConfig): TrailLookup {
  const client = new CloudTrailClient(config);
  return {
    async eventsOf({ sessionName, from, until }, page) {
      const lookup = new LookupEventsCommand({
        // The user name of a role's event is the name of its session.
        LookupAttributes: [{ AttributeKey: "Username", AttributeValue: sessionName }],
        StartTime: new Date(from),
        EndTime: new Date(until),
        ...(page === undefined ? {} : { NextToken: page }),
      });
      const { Events = [], NextToken } = await client.send(lookup).catch(thrown);
      return {
        records: Events.map(({ CloudTrailEvent = "" }) => CloudTrailEvent),
        oldest: Events.at(-1)?.EventTime?.toISOString() ?? null,
        next: NextToken,
      };
    },
  };
}

function thrown(error: unknown): never {
  throw error instanceof Error && error.name === "ThrottlingException"
    ? new LookupThrottled()
    : error;
}
