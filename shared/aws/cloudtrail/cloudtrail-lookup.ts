import {
  CloudTrailClient,
  type CloudTrailClientConfig,
  LookupEventsCommand,
} from "@aws-sdk/client-cloudtrail";
import { placeName, type TrailPlace } from "../../domain/evidence/trail/trail-look.ts";
import { LookupThrottled, type TrailLookup } from "../../ports/trail-lookup.ts";
import type { RemoteCredentials } from "../calls/remote-credentials.ts";

/**
 * LookupEvents. It needs no trail.
 *
 * @param settings of the clients, one for each account and region
 * @param credentialsIn whose role reads in other accounts
 */
export function cloudTrailLookup(
  settings: CloudTrailClientConfig,
  credentialsIn: RemoteCredentials,
): TrailLookup {
  const clients = new Map<string, CloudTrailClient>();
  const clientFor = (place: TrailPlace): CloudTrailClient => {
    const { region } = place;
    const credentials = credentialsIn(place);
    const client =
      clients.get(placeName(place)) ??
      new CloudTrailClient({ ...settings, region, ...(credentials ? { credentials } : {}) });
    clients.set(placeName(place), client);
    return client;
  };
  return {
    async eventsOf({ place, sessionName, from, until }, page) {
      const lookup = new LookupEventsCommand({
        // The user name of a role's event is the name of its session.
        LookupAttributes: [{ AttributeKey: "Username", AttributeValue: sessionName }],
        StartTime: new Date(from),
        EndTime: new Date(until),
        ...(page === undefined ? {} : { NextToken: page }),
      });
      const { Events = [], NextToken } = await clientFor(place).send(lookup).catch(thrown);
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
