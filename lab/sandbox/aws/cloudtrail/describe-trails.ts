/**
 * The account's only trail. It records management events of every region, as most accounts' first one
 * does, and delivers them nowhere but to EventBridge.
 */
import { AwsError, type Operation } from "../service.ts";

const NAME = "management-events";

const arnOf = (account: string, region: string) =>
  `arn:aws:cloudtrail:${region}:${account}:trail/${NAME}`;

export const trailOperations = (region: string): Readonly<Record<string, Operation>> => ({
  DescribeTrails: {
    permissions: () => [{ action: "cloudtrail:DescribeTrails", resource: "*" }],
    run: ({ caller }) => ({
      trailList: [
        {
          Name: NAME,
          TrailARN: arnOf(caller.accountId, region),
          HomeRegion: region,
          IsMultiRegionTrail: true,
          IncludeGlobalServiceEvents: true,
          IsOrganizationTrail: false,
          HasCustomEventSelectors: false,
        },
      ],
    }),
  },
  GetTrailStatus: {
    permissions: (_input, { accountId }) => [
      { action: "cloudtrail:GetTrailStatus", resource: arnOf(accountId, region) },
    ],
    run: ({ input, caller }) => {
      demandTrail(input["Name"], arnOf(caller.accountId, region));
      return { IsLogging: true };
    },
  },
  GetEventSelectors: {
    permissions: (_input, { accountId }) => [
      { action: "cloudtrail:GetEventSelectors", resource: arnOf(accountId, region) },
    ],
    run: ({ input, caller }) => {
      const arn = arnOf(caller.accountId, region);
      demandTrail(input["TrailName"], arn);
      return {
        TrailARN: arn,
        EventSelectors: [
          { ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [] },
        ],
      };
    },
  },
});

function demandTrail(named: unknown, arn: string): void {
  if (named !== NAME && named !== arn)
    throw new AwsError("TrailNotFoundException", 400, `Unknown trail: ${String(named)}`);
}
