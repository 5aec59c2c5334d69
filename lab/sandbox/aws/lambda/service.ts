import type { Service } from "../service.ts";
import { concurrencyOperations } from "./concurrency.ts";
import { configurationOperation } from "./configuration.ts";
import type { LambdaContext } from "./context.ts";
import { eventSourceOperations } from "./event-source-mappings.ts";
import { invokeOperation } from "./invoke.ts";

/**
 * AWS Lambda's API over REST JSON: what runs a function, what says how much may run at once, and what
 * switches a function or its event source off.
 */
export const lambdaService = (context: LambdaContext): Service => ({
  name: "lambda",
  protocol: { kind: "rest-json", routes: ROUTES, errorMember: "Message" },
  operations: {
    ...concurrencyOperations(context),
    ...eventSourceOperations(context),
    GetFunctionConfiguration: configurationOperation(context),
    Invoke: invokeOperation(context),
  },
});

const CONCURRENCY = "/functions/{FunctionName}/concurrency";
const SOURCES = "/2015-03-31/event-source-mappings";

const text = (member: string) => ({ member, type: "string" }) as const;

/** Paths and query parameters as in the model `2015-03-31` of the SDKs. */
const ROUTES = [
  { method: "GET", path: "/2016-08-19/account-settings", operation: "GetAccountSettings" },
  {
    method: "GET",
    path: "/2015-03-31/functions/{FunctionName}/configuration",
    operation: "GetFunctionConfiguration",
    query: { Qualifier: text("Qualifier") },
  },
  { method: "GET", path: `/2019-09-30${CONCURRENCY}`, operation: "GetFunctionConcurrency" },
  { method: "PUT", path: `/2017-10-31${CONCURRENCY}`, operation: "PutFunctionConcurrency" },
  { method: "DELETE", path: `/2017-10-31${CONCURRENCY}`, operation: "DeleteFunctionConcurrency" },
  {
    method: "GET",
    path: SOURCES,
    operation: "ListEventSourceMappings",
    query: {
      FunctionName: text("FunctionName"),
      EventSourceArn: text("EventSourceArn"),
      Marker: text("Marker"),
      MaxItems: text("MaxItems"),
    },
  },
  { method: "GET", path: `${SOURCES}/{UUID}`, operation: "GetEventSourceMapping" },
  { method: "PUT", path: `${SOURCES}/{UUID}`, operation: "UpdateEventSourceMapping" },
  {
    method: "POST",
    path: "/2015-03-31/functions/{FunctionName}/invocations",
    operation: "Invoke",
    query: { Qualifier: text("Qualifier") },
    headers: {
      "x-amz-invocation-type": "InvocationType",
      "x-amz-log-type": "LogType",
      "x-amz-client-context": "ClientContext",
      "x-amz-durable-execution-name": "DurableExecutionName",
      "x-amz-tenant-id": "TenantId",
      "x-amz-function-error": "FunctionError",
      "x-amz-executed-version": "ExecutedVersion",
    },
    raw: { payload: "Payload", status: "StatusCode" },
  },
] as const;
