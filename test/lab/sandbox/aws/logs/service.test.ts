import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  type StartQueryCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogEvent } from "../../../../../lab/sandbox/aws/logs/event-fields.ts";
import { logsService } from "../../../../../lab/sandbox/aws/logs/service.ts";
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
} from "../iam-world.ts";

const GROUP = "/aws/eks/prod/cluster";
const ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${GROUP}`;
const QUERIES = ["logs:StartQuery", "logs:GetQueryResults", "logs:FilterLogEvents"];
const auditor = role("auditor", { policy: document(statement(QUERIES, `${ARN}:*`)) });
const starter = role("starter", { policy: document(statement("logs:StartQuery", `${ARN}:*`)) });
const bareArn = role("bare", { policy: document(statement(QUERIES, ARN)) });
const START = Date.parse("2026-11-24T10:00:00Z");
const QUERY_MS = 600_000;

const audit = (second: number, more: Record<string, unknown>): LogEvent => ({
  timestamp: START + second * 1000,
  message: JSON.stringify(more),
  logStream: "kube-apiserver-audit-1",
});
const by = (session: string) => ({
  extra: {
    canonicalArn: [`arn:aws:iam::${ACCOUNT}:role/dev`],
    sessionName: [session],
  },
});
const reason = (policy: string) => ({
  "authorization.k8s.io/decision": "allow",
  "authorization.k8s.io/reason": `EKS Access Policy: allowed by cluster-access-policy/${policy}`,
});
const EVENTS: readonly LogEvent[] = [
  audit(1, {
    verb: "list",
    user: by("alice"),
    objectRef: { resource: "pods", namespace: "payments" },
    responseStatus: { code: 200 },
    annotations: reason("AmazonEKSViewPolicy"),
  }),
  audit(2, {
    verb: "get",
    user: by("alice"),
    objectRef: { resource: "secrets", namespace: "payments" },
    responseStatus: { code: 403 },
  }),
  audit(3, {
    verb: "list",
    user: by("bob"),
    objectRef: { resource: "pods", namespace: "ops" },
    responseStatus: { code: 1000 },
    annotations: reason("AmazonEKSEditPolicy"),
  }),
  { timestamp: START + 4000, message: "no JSON (at all)", logStream: "authenticator-1" },
];

/** How far the service's clock is ahead; signatures are judged by the machine's. */
let aheadMs = 0;
const service = logsService({
  account: ACCOUNT,
  region: REGION,
  events: (group) => (group === GROUP ? EVENTS : undefined),
  queryMilliseconds: QUERY_MS,
});
const operations = Object.fromEntries(
  Object.entries(service.operations).map(([name, { permissions, run }]) => [
    name,
    {
      permissions,
      run: (call: Parameters<typeof run>[0]) =>
        run({ ...call, now: new Date(call.now.getTime() + aheadMs) }),
    },
  ]),
);

let port: RunningPort;
let clients: Record<"auditor" | "starter" | "bareArn", CloudWatchLogsClient>;
beforeAll(async () => {
  port = await listen({
    services: [{ ...service, operations }],
    iam: iamStore(auditor, starter, bareArn),
  });
  const client = (of: typeof auditor) => new CloudWatchLogsClient(clientConfig(port.url, of));
  clients = { auditor: client(auditor), starter: client(starter), bareArn: client(bareArn) };
});
afterAll(() => port.close());

const start = (queryString: string, more: Partial<StartQueryCommandInput> = {}) =>
  clients.auditor.send(
    new StartQueryCommand({
      logGroupName: GROUP,
      queryString,
      startTime: START / 1000,
      endTime: START / 1000 + 60,
      ...more,
    }),
  );
const results = (queryId: string | undefined, of = clients.auditor) =>
  of.send(new GetQueryResultsCommand({ queryId }));
async function query(queryString: string, more: Partial<StartQueryCommandInput> = {}) {
  const { queryId } = await start(queryString, more);
  aheadMs += QUERY_MS;
  const answer = await results(queryId);
  expect(answer.status).toBe("Complete");
  return answer;
}
/** The rows, without the pointer that every event has. */
const rows = async (...given: Parameters<typeof query>) =>
  ((await query(...given)).results ?? []).map((row) =>
    Object.fromEntries(
      row.filter(({ field }) => field !== "@ptr").map(({ field, value }) => [field, value]),
    ),
  );
const secondsOf = async (condition: string) =>
  (await rows(`fields @timestamp | filter ${condition} | sort @timestamp asc`)).map((row) =>
    Number(row["@timestamp"]?.slice(17, 19)),
  );

describe("a query", () => {
  it("A query runs before it is complete, and reports what it read", async () => {
    const { queryId } = await start("filter verb = 'list'");
    expect(await results(queryId)).toMatchObject({ status: "Running", results: [] });
    const { statistics, queryLanguage } = await query("filter verb = 'list'");
    expect(queryLanguage).toBe("CWLI");
    expect(statistics).toMatchObject({
      recordsMatched: 2,
      recordsScanned: 4,
      bytesScanned: EVENTS.reduce((sum, { message }) => sum + message.length, 0),
    });
  });

  it("A query without fields shows timestamp, message and pointer, newest first", async () => {
    const { results: found = [] } = await query("limit 1");
    expect(found[0]).toEqual([
      { field: "@timestamp", value: "2026-11-24 10:00:04.000" },
      { field: "@message", value: "no JSON (at all)" },
      { field: "@ptr", value: expect.any(String) },
    ]);
  });

  it("A query shows the fields it names, and leaves out what an event lacks", async () => {
    expect(
      await rows(
        "fields verb, objectRef.namespace as namespace, user.extra.sessionName.0 | sort @timestamp asc | limit 1",
      ),
    ).toEqual([{ verb: "list", namespace: "payments", "user.extra.sessionName.0": "alice" }]);
    expect(await rows("fields verb | filter @message like 'no JSON'")).toEqual([{}]);
  });

  it.each([
    ['verb = "get"', [2]],
    ["verb != 'get'", [1, 3]],
    ["responseStatus.code = 200", [1]],
    ["responseStatus.code > 403", [3]],
    ["responseStatus.code >= 403", [2, 3]],
    ["responseStatus.code < 403 or verb = 'get'", [1, 2]],
    ["responseStatus.code <= 200", [1]],
    ["@message like /cluster-access-policy\\/AmazonEKSViewPolicy/", [1]],
    ["@message like /(?i)ACCESS-POLICY/", [1, 3]],
    ["@message like 'at all)'", [4]],
    ['@message not like "policy"', [2, 4]],
    ["@message =~ /bob|alice/", [1, 2, 3]],
    ["@logStream like 'kube-apiserver-audit'", [1, 2, 3]],
    ["verb in ['get', 'watch']", [2]],
    ["verb not in ['get']", [1, 3, 4]],
    ["not verb = 'get'", [1, 3, 4]],
    ["ispresent(verb)", [1, 2, 3]],
    ["not ispresent(verb)", [4]],
    ["verb = 'list' and (user.extra.sessionName.0 = 'bob' or responseStatus.code = 200)", [1, 3]],
    ["verb = 'list' or verb = 'get' and responseStatus.code = 200", [1, 3]],
    ["NOT (verb = 'list' OR verb = 'get')", [4]],
    ["`annotations.authorization.k8s.io/decision` = 'allow'", [1, 3]],
    ["user.extra.canonicalArn.0 = 'arn:aws:iam::111122223333:role/dev'", [1, 2, 3]],
    ["nothing != 'x'", []],
    ["verb = objectRef.resource", []],
  ])("A query filters by %s", async (condition, seconds) => {
    expect(await secondsOf(condition)).toEqual(seconds);
  });

  it("A query counts by fields, and finds the first and the last", async () => {
    expect(
      await rows(
        "filter ispresent(verb) | stats count(*) as calls, min(@timestamp) as first, max(@timestamp) as last by verb | sort calls desc",
      ),
    ).toEqual([
      {
        verb: "list",
        calls: "2",
        first: "2026-11-24 10:00:01.000",
        last: "2026-11-24 10:00:03.000",
      },
      {
        verb: "get",
        calls: "1",
        first: "2026-11-24 10:00:02.000",
        last: "2026-11-24 10:00:02.000",
      },
    ]);
    expect(
      await rows("stats count(*), count(verb), count_distinct(verb), max(responseStatus.code)"),
    ).toEqual([
      {
        "count(*)": "4",
        "count(verb)": "3",
        "count_distinct(verb)": "2",
        // As a number: 1000 is more than 403.
        "max(responseStatus.code)": "1000",
      },
    ]);
    expect(await rows("filter verb = 'none' | stats count(*) as calls")).toEqual([{ calls: "0" }]);
  });

  it("A query sorts by several fields, and events without one come last", async () => {
    expect(
      (await rows("fields verb, responseStatus.code as code | sort verb asc, code desc")).map(
        ({ code }) => code,
      ),
    ).toEqual(["403", "1000", "200", undefined]);
  });

  it("dedup keeps the first of the events that agree", async () => {
    expect(
      await rows(
        "fields verb | filter ispresent(verb) | sort @timestamp asc | dedup verb | limit 9",
      ),
    ).toEqual([{ verb: "list" }, { verb: "get" }]);
  });

  it("A query takes a comment, its own limit and that of the call", async () => {
    expect(await rows("fields verb # only that\n| limit 3")).toHaveLength(3);
    expect(await rows("fields verb | limit 3", { limit: 2 })).toHaveLength(2);
  });

  it("A query sees the events of its time, both ends included", async () => {
    const second = START / 1000 + 2;
    expect(await rows("fields verb", { startTime: second, endTime: second })).toEqual([
      { verb: "get" },
    ]);
  });
});

describe("refusals", () => {
  it.each([
    ["parse @message '*' as x", "the command parse"],
    ["display verb", "the command display"],
    ["stats avg(code)", "the statistic avg"],
    ["stats count(*) by bin(5m)", "the function bin"],
    ["filter strcontains(verb, 'l')", "the function strcontains"],
    ["stats count(*) | stats max(x)", "a second stats command"],
    ["fields verb | sort verb", "desc"],
    ["dedup verb | fields verb", "Only the command limit"],
    ["fields verb |", "a command"],
    ["filter verb", "a comparison"],
    ["filter (verb = 'x'", ")"],
    ["filter verb = 'x' extra", "|"],
    ["filter verb like /(/", "regular expression"],
    ["limit 10001", "limit takes a number"],
    ["fields verb; drop", "unexpected symbol found ;"],
    ["", "a command"],
  ])("The query %j is refused with %j", async (queryString, text) => {
    await expect(start(queryString)).rejects.toMatchObject({
      name: "MalformedQueryException",
      message: expect.stringContaining(text),
    });
  });

  it("A call with a wrong parameter, or of another operation, is refused", async () => {
    const refusal = (name: string) => ({ name });
    await expect(start("limit 1", { logGroupNames: ["another"] })).rejects.toMatchObject(
      refusal("InvalidParameterException"),
    );
    await expect(start("limit 1", { endTime: 1 })).rejects.toMatchObject(
      refusal("InvalidParameterException"),
    );
    await expect(start("limit 1", { queryLanguage: "SQL" })).rejects.toThrow("SQL");
    await expect(results("11111111-2222-4333-8444-555555555555")).rejects.toMatchObject(
      refusal("ResourceNotFoundException"),
    );
    await expect(clients.auditor.send(new DescribeLogGroupsCommand({}))).rejects.toThrow(
      "logs:DescribeLogGroups",
    );
  });

  it("IAM allows a query only by the log group's ARN with :* behind it", async () => {
    const denied = { name: "AccessDeniedException" };
    const other = { logGroupName: "/aws/eks/other/cluster" };
    await expect(start("limit 1", other)).rejects.toMatchObject(denied);
    const { queryId } = await start("limit 1");
    await expect(results(queryId, clients.starter)).rejects.toMatchObject(denied);
    await expect(
      clients.bareArn.send(
        new StartQueryCommand({
          logGroupName: GROUP,
          queryString: "limit 1",
          startTime: 1,
          endTime: 2,
        }),
      ),
    ).rejects.toMatchObject(denied);
  });
});

describe("Events of a log group", () => {
  const filter = (more: object = {}, client = clients.auditor) =>
    client.send(new FilterLogEventsCommand({ logGroupName: GROUP, ...more }));

  it("Are listed by time, stream and page, and are there at once", async () => {
    const audits = { logStreamNamePrefix: "kube-apiserver-audit-" };
    const { events = [], nextToken } = await filter({ ...audits, limit: 1 });
    expect(events).toMatchObject([{ timestamp: START + 1000, ingestionTime: START + 1000 }]);
    const rest = await filter({ ...audits, limit: 100, nextToken });
    expect(rest.events).toHaveLength(EVENTS.length - 2);
    expect(rest.nextToken).toBeUndefined();
    const late = await filter({ startTime: START + 4000 });
    expect(late.events).toMatchObject([{ logStreamName: "authenticator-1" }]);
  });

  it("A pattern, another group and a role without the right are refused", async () => {
    await expect(filter({ filterPattern: "x" })).rejects.toThrow("does not emulate filterPattern");
    await expect(filter({}, clients.starter)).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    const other = { logGroupName: "/aws/eks/other/cluster" };
    await expect(filter(other)).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});
