/**
 * The reads of the hub's functions in another account: the synthesized roles before the sandbox's
 * AWS, and their adapters.
 */

import { CloudTrailClient, DescribeTrailsCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, StartQueryCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  EKSClient,
  ListAccessEntriesCommand,
} from "@aws-sdk/client-eks";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fixedRandom } from "../../lab/fakes/fixed-random.ts";
import { asAccount, byAccount } from "../../lab/sandbox/aws/accounts.ts";
import { cloudTrailService } from "../../lab/sandbox/aws/cloudtrail/service.ts";
import { memoryHistory } from "../../lab/sandbox/aws/cloudtrail/state.ts";
import type { TrailRecord } from "../../lab/sandbox/aws/cloudtrail/trail-record.ts";
import { iamService } from "../../lab/sandbox/aws/iam/service.ts";
import { logsService } from "../../lab/sandbox/aws/logs/service.ts";
import { stsService } from "../../lab/sandbox/aws/sts/service.ts";
import { remoteCredentials } from "../../shared/aws/calls/remote-credentials.ts";
import { cloudTrailLookup } from "../../shared/aws/cloudtrail/cloudtrail-lookup.ts";
import { eksStandingReader } from "../../shared/aws/eks/eks-standing-reader.ts";
import { readerSessions } from "../../shared/aws/eks/reader-sessions.ts";
import { insightsActivityLog } from "../../shared/aws/logs/insights-activity-log.ts";
import { systemClock } from "../../shared/aws/machine/system-clock.ts";
import { systemPause } from "../../shared/aws/machine/system-pause.ts";
import { clusterOf, type ReaderKind } from "../../shared/domain/values/arn.ts";
import { listen, type RunningPort } from "../lab/sandbox/aws/iam-world.ts";
import { ACCOUNT as HUB, REGION } from "./broker.ts";
import { ALICE, CLUSTER, CREATED, spokeAws } from "./spoke-aws.ts";
import { SPOKE } from "./spoke-world.ts";

const { iam, eks, eksOfSpoke, settingsAs } = spokeAws();
const GROUP = "/aws/eks/staging/cluster";
const ASKED_AT = Date.parse("2026-11-28T10:00:00Z");
const logged = {
  timestamp: ASKED_AT,
  message: '{"verb":"get"}',
  logStream: "kube-apiserver-audit",
};
const logsOf = (account: string) =>
  logsService({ account, region: REGION, events: () => [logged], queryMilliseconds: 0 });

/** An event history with one call of the grant's session. */
function trailOf(account: string) {
  const history = memoryHistory();
  history.add({
    eventID: `call in ${account}`,
    eventTime: "2026-11-28T10:00:00Z",
    readOnly: false,
    eventName: "CreateAccessEntry",
    eventSource: "eks.amazonaws.com",
    recipientAccountId: account,
    awsRegion: REGION,
    requestID: "request-1",
    userIdentity: {
      arn: `arn:aws:sts::${account}:assumed-role/timelatch-grantor/timelatch-grant-1`,
    },
  } as unknown as TrailRecord);
  return cloudTrailService(history);
}

let port: RunningPort;
beforeAll(async () => {
  const services = [
    byAccount({ [SPOKE]: eksOfSpoke }),
    byAccount({ [SPOKE]: iamService(asAccount(iam, SPOKE)) }),
    byAccount({ [SPOKE]: logsOf(SPOKE), [HUB]: logsOf(HUB) }),
    byAccount({ [SPOKE]: trailOf(SPOKE), [HUB]: trailOf(HUB) }),
    stsService(iam),
  ];
  port = await listen({ services, iam });
  vi.stubEnv("AWS_ENDPOINT_URL", port.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await port.close();
});

const hubRole = (part: string) => `arn:aws:iam::${HUB}:role/timelatch-${part}`;
const spokeRole = (part: string) => `arn:aws:iam::${SPOKE}:role/timelatch-${part}`;
/** As the function of that name, or another one, is deployed. */
const credentialsOf = (kind: ReaderKind, { by = kind as string, deployment = "timelatch" } = {}) =>
  remoteCredentials(new STSClient(settingsAs(port.url, hubRole(by))), {
    kind,
    deployment,
    brokerAccount: HUB,
  });
const options = { clock: systemClock, random: fixedRandom, deadline: () => 30_000 };
const cluster = clusterOf(CLUSTER);

describe("Standing reads another account's clusters", () => {
  const reader = () => eksStandingReader(readerSessions(credentialsOf("standing")), options);

  it("Standing reads the cluster, its entries and the roles behind them, under the role there", async () => {
    const grantor = new EKSClient(settingsAs(port.url, spokeRole("grantor")));
    const tags = { "timelatch:managed-by": "timelatch" };
    const entry = { clusterName: "staging", principalArn: ALICE };
    await grantor.send(new CreateAccessEntryCommand({ ...entry, tags }));
    expect(await reader().setup(cluster)).toMatchObject({ createdAt: CREATED });
    expect(await reader().principals(cluster, null)).toMatchObject({ principalArns: [ALICE] });
    expect(await reader().entry({ cluster, principalArn: ALICE })).toMatchObject({
      type: "STANDARD",
      targets: {},
    });
    const madeAt = new Date().toISOString();
    expect(await reader().principal({ cluster, principalArn: ALICE }, madeAt)).toBe("exists");
    await grantor.send(new DeleteAccessEntryCommand(entry));
  });

  it("The role there can change nothing, and reads no other cluster", async () => {
    const client = new EKSClient(settingsAs(port.url, spokeRole("standing-reads")));
    const denied = { name: "AccessDeniedException" };
    const entry = { clusterName: "staging", principalArn: ALICE };
    await expect(client.send(new CreateAccessEntryCommand(entry))).rejects.toMatchObject(denied);
    await expect(client.send(new DeleteAccessEntryCommand(entry))).rejects.toMatchObject(denied);
    const other = client.send(new ListAccessEntriesCommand({ clusterName: "other" }));
    await expect(other).rejects.toMatchObject(denied);
    expect(eks.state.clusters["staging"]?.entries[ALICE]).toBeUndefined();
  });
});

describe("Activity asks another account's audit logs", () => {
  const asked = {
    clusterArn: CLUSTER,
    query: "fields @message",
    from: "2026-11-28T09:59:00Z",
    until: "2026-11-28T10:01:00Z",
  };

  it("Activity asks the log of a cluster there, under the role there", async () => {
    const log = insightsActivityLog({}, systemPause, credentialsOf("activity"));
    expect((await log.ask(asked))?.rows).toHaveLength(1);
  });

  it("The role there asks no other log group", async () => {
    const client = new CloudWatchLogsClient(settingsAs(port.url, spokeRole("activity-reads")));
    const range = { startTime: 1, endTime: 2, queryString: asked.query };
    const other = new StartQueryCommand({
      ...range,
      logGroupName: GROUP.replace("staging", "prod"),
    });
    await expect(client.send(other)).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});

describe("Correlate looks up another account's events", () => {
  const sessions = {
    place: { ...cluster, region: REGION },
    sessionName: "timelatch-grant-1",
    from: "2026-11-28T09:59:00Z",
    until: "2026-11-28T10:01:00Z",
  };
  const lookup = (by?: string) =>
    cloudTrailLookup({}, credentialsOf("correlate", by === undefined ? {} : { by }));

  it("Correlate finds a call in the event history there, and its own account's has another", async () => {
    const there = await lookup().eventsOf(sessions, undefined);
    expect(there.records.map((text) => JSON.parse(text).eventID)).toEqual([`call in ${SPOKE}`]);
  });

  it("The role there can call nothing else of CloudTrail", async () => {
    const client = new CloudTrailClient(settingsAs(port.url, spokeRole("correlate-reads")));
    const denied = { name: "AccessDeniedException" };
    await expect(client.send(new DescribeTrailsCommand({}))).rejects.toMatchObject(denied);
  });
});

describe("The right to read in another account", () => {
  it.each<[ReaderKind, string, { by?: string; deployment?: string }]>([
    ["standing", "activity, which reads something else", { by: "activity" }],
    ["activity", "standing, which reads something else", { by: "standing" }],
    ["standing", "converge", { by: "converge" }],
    ["standing", "api", { by: "api" }],
    ["activity", "correlate", { by: "correlate" }],
    ["correlate", "activity", { by: "activity" }],
    ["correlate", "converge", { by: "converge" }],
    ["correlate", "api", { by: "api" }],
  ])("The role for %s is not for %s", async (kind, _who, changed) => {
    const get = credentialsOf(kind, changed)(cluster);
    await expect(get?.()).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it.each([
    ["without an external id", {}],
    ["with that of another deployment", { ExternalId: `beta:${HUB}` }],
    ["with that of another hub", { ExternalId: "timelatch:999999999999" }],
  ])("No role for reading can be taken %s", async (_how, external) => {
    for (const kind of ["standing", "activity", "correlate"]) {
      const sts = new STSClient(settingsAs(port.url, hubRole(kind)));
      const RoleArn = spokeRole(`${kind}-reads`);
      const taken = sts.send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: "timelatch", ...external }),
      );
      await expect(taken).rejects.toMatchObject({ name: "AccessDenied" });
    }
  });

  it("In the hub's own account the function's own role reads, and takes no other", () => {
    const get = credentialsOf("standing");
    expect(get(clusterOf(CLUSTER.replace(SPOKE, HUB)))).toBeUndefined();
  });
});
