import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROD } from "../../../../lab/fakes/builders.ts";
import type { LogEvent } from "../../../../lab/sandbox/aws/logs/event-fields.ts";
import { logsService } from "../../../../lab/sandbox/aws/logs/service.ts";
import { insightsActivityLog } from "../../../../shared/aws/logs/insights-activity-log.ts";
import { systemPause } from "../../../../shared/aws/machine/system-pause.ts";
import { activityLogContract } from "../../../contracts/activity-log.contract.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../../../lab/sandbox/aws/iam-world.ts";

const reader = role("activity", { policy: document(statement("logs:*")) });
const groups = new Map<string, readonly LogEvent[]>();
let port: RunningPort;
beforeAll(async () => {
  const events = (group: string) => groups.get(group);
  const service = logsService({ account: ACCOUNT, region: REGION, events, queryMilliseconds: 20 });
  port = await listen({ services: [service], iam: iamStore(reader) });
});
afterAll(() => port.close());

const soon = { for: (_millis: number) => systemPause.for(5) };

activityLogContract("insightsActivityLog", async (events) => {
  groups.clear();
  for (const [cluster, all] of Object.entries(events))
    groups.set(`/aws/eks/${cluster.split("/").at(-1)}/cluster`, all);
  return insightsActivityLog(clientConfig(port.url, reader), soon, () => undefined);
});

/** CloudWatch with scripted answers to GetQueryResults, the last of which stays. */
function scripted(...answers: readonly object[]) {
  let polls = 0;
  const paused: number[] = [];
  const requestHandler = {
    handle: async ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
      const isStart = headers["x-amz-target"]?.endsWith("StartQuery") === true;
      const answer = isStart ? { queryId: "q-1" } : answers[Math.min(polls++, answers.length - 1)];
      const body = Readable.from([Buffer.from(JSON.stringify(answer))]);
      const type = { "content-type": "application/x-amz-json-1.1" };
      return { response: { statusCode: 200, headers: type, body } };
    },
  };
  const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
  const pause = { for: async (millis: number) => void paused.push(millis) };
  const log = insightsActivityLog(
    { requestHandler, credentials } as object,
    pause,
    () => undefined,
  );
  const ask = () =>
    log.ask({
      clusterArn: PROD.arn,
      query: "stats count(*)",
      from: "2026-11-24T10:00:00.000Z",
      until: "2026-11-24T11:00:00.000Z",
    });
  return { ask, paused };
}

const row = (value: string) => [[{ field: "n", value }]];
const RUNNING = { status: "Running", results: row("1"), statistics: { bytesScanned: 5 } };

describe("insightsActivityLog", () => {
  it("A query is waited for, and what it answers while it runs is not used", async () => {
    const { ask, paused } = scripted({ status: "Scheduled" }, RUNNING, {
      status: "Complete",
      results: row("2"),
      statistics: { bytesScanned: 9 },
    });
    expect(await ask()).toEqual({ rows: [{ n: "2" }], scannedBytes: 9 });
    expect(paused).toEqual([1_000, 1_000]);
  });

  it.each(["Failed", "Cancelled", "Timeout", "Unknown"])(
    "A query that ends as %s has no answer",
    async (status) => {
      const { ask } = scripted({ ...RUNNING, status });
      await expect(ask()).rejects.toThrow(`query q-1 is ${status}. Nothing was recorded`);
    },
  );

  it("A query that runs on is given up after five minutes", async () => {
    const { ask, paused } = scripted(RUNNING);
    await expect(ask()).rejects.toThrow("still runs after 300 s");
    expect(paused.length).toBe(301);
  });
});
