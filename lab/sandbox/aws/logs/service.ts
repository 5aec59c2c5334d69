import type { Call, Service } from "../service.ts";
import type { LogsContext, LogsOptions } from "./context.ts";
import { noSuchResource } from "./errors.ts";
import { filterLogEvents } from "./filter-log-events.ts";
import { groupOf, startQuery } from "./start-query.ts";

const QUERY_MILLISECONDS = 500;

/**
 * Amazon CloudWatch Logs over AWS JSON 1.1: queries of Logs Insights over the audit logs of clusters.
 * The log is read when a query starts.
 */
export function logsService(options: LogsOptions): Service {
  const context: LogsContext = { ...options, queries: new Map() };
  // As AWS writes it in denials: a policy must end in `:*`.
  const arnOf = (group: string) =>
    `arn:aws:logs:${options.region}:${options.account}:log-group:${group}:log-stream:`;
  return {
    name: "logs",
    protocol: {
      kind: "json",
      version: "1.1",
      targetPrefixes: ["Logs_20140328."],
      queryError: false,
      errorNamespace: "",
    },
    operations: {
      // Nobody makes one here.
      DescribeResourcePolicies: {
        permissions: () => [{ action: "logs:DescribeResourcePolicies", resource: "*" }],
        run: () => ({ resourcePolicies: [] }),
      },
      FilterLogEvents: {
        permissions: ({ logGroupName }) => [
          { action: "logs:FilterLogEvents", resource: arnOf(String(logGroupName)) },
        ],
        run: (call) => filterLogEvents(context, call),
      },
      StartQuery: {
        permissions: (input) => [{ action: "logs:StartQuery", resource: arnOf(groupOf(input)) }],
        run: (call) => startQuery(context, call),
      },
      GetQueryResults: {
        permissions: (input) => {
          const group = context.queries.get(String(input["queryId"]))?.group;
          const resource = group === undefined ? "*" : arnOf(group);
          return [{ action: "logs:GetQueryResults", resource, skip: group === undefined }];
        },
        run: (call) => getQueryResults(context, call),
      },
    },
  };
}

function getQueryResults({ queries, queryMilliseconds }: LogsContext, { input, now }: Call) {
  const query = queries.get(String(input["queryId"]));
  if (query === undefined) throw noSuchResource("Query does not exist.");
  const isRunning = now.getTime() < query.startedAt + (queryMilliseconds ?? QUERY_MILLISECONDS);
  const { rows, statistics } = query;
  const results = rows.map((row) => [...row].map(([field, value]) => ({ field, value })));
  return {
    queryLanguage: "CWLI",
    status: isRunning ? "Running" : "Complete",
    results: isRunning ? [] : results,
    statistics: isRunning ? { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 } : statistics,
  };
}
