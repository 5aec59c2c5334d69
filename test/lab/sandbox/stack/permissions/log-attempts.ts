import { GetQueryResultsCommand, StartQueryCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Attempt, Attempts } from "./attempt.ts";

const startQuery =
  (logGroupName: string): Attempt =>
  ({ logs }) =>
    logs.send(
      new StartQueryCommand({
        logGroupName,
        startTime: 1_764_000_000,
        endTime: 1_764_003_600,
        queryString: "stats count(*)",
      }),
    );

/** Logs that nobody switched activity on for. */
export const OTHER_LOGS: Attempts = {
  "ask the audit log of another cluster": startQuery("/aws/eks/staging/cluster"),
  "ask the log of a function": startQuery("/aws/lambda/timelatch-api"),
};

export const AUDIT_LOGS: Attempts = {
  "ask the audit log": startQuery("/aws/eks/prod/cluster"),
  "read what it answers": async (own, account) => {
    const { queryId } = (await startQuery("/aws/eks/prod/cluster")(own, account)) as {
      readonly queryId: string;
    };
    return await own.logs.send(new GetQueryResultsCommand({ queryId }));
  },
};
