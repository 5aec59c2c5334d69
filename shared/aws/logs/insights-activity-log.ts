import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  ResourceNotFoundException,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { MOST_ROWS } from "../../domain/evidence/activity/activity-queries.ts";
import type { LogRow } from "../../domain/evidence/activity/log-row.ts";
import { type ClusterArn, clusterOf } from "../../domain/values/arn.ts";
import type { ActivityLog, LogAnswer, LogQuery } from "../../ports/activity-log.ts";
import type { Pause } from "../../ports/pause.ts";
import type { RemoteCredentials } from "../calls/remote-credentials.ts";

/** How often a query is asked whether it is done, in milliseconds. */
const POLL_MS = 1_000;

/** How long a query is waited for, in milliseconds. CloudWatch itself ends it after an hour. */
const QUERY_MS = 300_000;

/**
 * CloudWatch Logs Insights over the log groups that EKS writes: `/aws/eks/<cluster>/cluster`.
 * https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
 *
 * @param settings of the clients, one for each account and region
 * @param credentialsIn whose role reads in other accounts
 */
export function insightsActivityLog(
  settings: CloudWatchLogsClientConfig,
  pause: Pause,
  credentialsIn: RemoteCredentials,
): ActivityLog {
  const clients = new Map<string, CloudWatchLogsClient>();
  const clientFor = (cluster: ClusterArn): CloudWatchLogsClient => {
    const { account, region } = cluster;
    const place = `${account}/${region}`;
    const credentials = credentialsIn(cluster);
    const client =
      clients.get(place) ??
      new CloudWatchLogsClient({ ...settings, region, ...(credentials ? { credentials } : {}) });
    clients.set(place, client);
    return client;
  };
  return {
    async ask(asked) {
      const client = clientFor(clusterOf(asked.clusterArn));
      const queryId = await started(client, asked);
      return queryId === undefined ? undefined : await finished(client, queryId, pause);
    },
  };
}

/** @returns undefined where the cluster has no log group */
async function started(
  client: CloudWatchLogsClient,
  { clusterArn, query, from, until }: LogQuery,
): Promise<string | undefined> {
  try {
    const { queryId } = await client.send(
      new StartQueryCommand({
        logGroupName: `/aws/eks/${clusterOf(clusterArn).name}/cluster`,
        startTime: Math.floor(Date.parse(from) / 1_000),
        endTime: Math.ceil(Date.parse(until) / 1_000),
        queryString: query,
        limit: MOST_ROWS,
      }),
    );
    if (queryId === undefined)
      throw new Error("CloudWatch named no query. Nothing was read; the next run asks again.");
    return queryId;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** While a query runs, its rows are only some of them, so they are left alone. */
async function finished(
  client: CloudWatchLogsClient,
  queryId: string,
  pause: Pause,
): Promise<LogAnswer> {
  for (let waited = 0; waited <= QUERY_MS; waited += POLL_MS) {
    const answer = await client.send(new GetQueryResultsCommand({ queryId }));
    if (answer.status === "Complete") return answered(answer);
    if (answer.status !== "Running" && answer.status !== "Scheduled")
      throw notComplete(queryId, `is ${answer.status}`);
    await pause.for(POLL_MS);
  }
  throw notComplete(queryId, `still runs after ${QUERY_MS / 1_000} s`);
}

const notComplete = (queryId: string, how: string): Error =>
  new Error(
    `CloudWatch's query ${queryId} ${how}. Nothing was recorded, and what it scanned is charged. The next run asks again.`,
  );

function answered({ results = [], statistics }: GetQueryResultsCommandOutput): LogAnswer {
  const rows = results.map(
    (row): LogRow =>
      Object.fromEntries(
        row.flatMap(({ field, value }) =>
          field === undefined || value === undefined || value === "" ? [] : [[field, value]],
        ),
      ),
  );
  return { rows, scannedBytes: statistics?.bytesScanned ?? 0 };
}
