/** Metrics that functions send under the environment of their template, and those that its alarms read. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { broker, REGION } from "../infra/broker.ts";
import { contextWith } from "./loaded-function.ts";

const ALARMED = ["converge", "sweep", "notify", "correlate", "archive", "activity"] as const;
type Alarmed = (typeof ALARMED)[number];

/** A use case that reports one of everything that is wrong, by its place in `shared/usecases`. */
const TROUBLED: Readonly<Record<Alarmed, Readonly<Record<string, object>>>> = {
  converge: {
    "converge/converge": {
      converge: async () => ({
        overdueGrants: 1,
        bareEntries: 1,
        fusesRefused: 1,
        timersRefused: 1,
        recordsLeftOut: 1,
        ledgersTooLarge: 0,
        ticketsUnread: 1,
      }),
    },
  },
  sweep: {
    "converge/sweep": { sweep: async () => ({}) },
    "clusters/late-standing": { countLateStanding: async () => 1 },
    "requests/overdue-reviews": { countOverdueReviews: async () => 1 },
    "facts/sweep-tickets": { sweepTickets: async () => ({ unknown: 1 }) },
  },
  notify: { "notices/notify": { notify: async () => ({ refused: 1, unpublishedSeconds: 0 }) } },
  correlate: {
    "evidence/look-up-calls": { lookUpCalls: async () => ({ missing: 1, correlated: [] }) },
  },
  archive: {
    "evidence/archive": {
      archive: async () => ({
        contradictions: [{}],
        refused: ["seals/2099-01-01.json"],
        foreign: [],
        lost: [],
      }),
    },
    "evidence/archive-policy": { archivePolicy: async () => false },
    "evidence/publish-seals": { publishSeals: async () => [] },
  },
  activity: {
    "evidence/record-activity": {
      recordActivity: async () => ({ failed: 1, scannedBytes: 1 }),
      recordActivityOf: async () => 1,
    },
  },
};

const record = (MessageGroupId: string) => ({
  Records: [{ attributes: { MessageGroupId }, body: "{}", messageId: "m", receiptHandle: "r" }],
});
const EVENTS: Readonly<Partial<Record<Alarmed, object>>> = {
  converge: record("0".repeat(64)),
  notify: record("0190f0d2-0000-7000-8000-000000000001"),
};

/** A metric with its data, wherever it comes from. */
interface Read {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The embedded metric format. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface Embedded {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [dimension: string]: unknown;
}

const inEmbedded = (line: Embedded): readonly Read[] =>
  line._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name: name }) =>
      Dimensions.map((keys) => ({
        namespace,
        name,
        dimensions: Object.fromEntries(keys.map((key) => [key, String(line[key])])),
      })),
    ),
  );

const { ofType } = broker();

/** Variables of a function, by the start of its logical id. */
function environmentOf(name: string): Readonly<Record<string, string>> {
  const start = `${name.charAt(0).toUpperCase()}${name.slice(1)}Function`;
  const found = ofType("AWS::Lambda::Function").find(({ logicalId }) =>
    logicalId.startsWith(start),
  );
  if (!found) throw new Error(`The template has no ${start}.`);
  return found.properties.object("Environment")["Variables"] as Record<string, string>;
}

/** One port of anything, which does nothing. */
const PORTS: object = new Proxy(
  {},
  { get: (_, name) => (name === "then" ? undefined : async () => undefined) },
);
const composed = async (original: () => Promise<object>) =>
  Object.fromEntries(
    Object.keys(await original()).map((name) => [
      name,
      () => (name === "messageHolds" ? () => PORTS : PORTS),
    ]),
  );

/** The metrics of one invocation in which everything is wrong. */
async function sentBy(name: Alarmed): Promise<readonly Read[]> {
  for (const of of ["activity", "archive", "standing"])
    vi.doMock(`../../shared/aws/${of}-composition.ts`, composed);
  vi.doMock("../../shared/aws/composition-root.ts", composed);
  for (const [place, exports] of Object.entries(TROUBLED[name]))
    vi.doMock(`../../shared/usecases/${place}.ts`, () => exports);
  const variables = { AWS_REGION: REGION, ...environmentOf(name) };
  for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value);
  const lines: string[] = [];
  const { stdout } = process;
  vi.spyOn(stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  try {
    const { handler } = (await import(`../../functions/${name}.ts`)) as {
      readonly handler: (event: object, context: object) => Promise<unknown>;
    };
    await handler(
      EVENTS[name] ?? {},
      contextWith(() => 900_000),
    );
  } finally {
    vi.restoreAllMocks();
  }
  const embedded = lines
    .join("")
    .split("\n")
    .filter((line) => line.includes('"_aws"'));
  return embedded.flatMap((line) => inEmbedded(JSON.parse(line) as Embedded));
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

const ALARMS = ofType("AWS::CloudWatch::Alarm").map(({ logicalId, properties }) => ({
  alarm: logicalId.replace(/^Alarms/, "").replace(/[0-9A-F]{8}$/, ""),
  read: {
    namespace: properties.text("Namespace"),
    name: properties.text("MetricName"),
    dimensions: Object.fromEntries(
      (properties.raw("Dimensions") as readonly { Name: string; Value: string }[]).map(
        ({ Name, Value }) => [Name, Value],
      ),
    ),
  } satisfies Read,
}));
const OWN = ALARMS.filter(({ read }) => !read.namespace.startsWith("AWS/"));

describe("Alarms on what functions report", () => {
  it("There are some on each function that reports", () => {
    const services = new Set(OWN.map(({ read }) => read.dimensions["service"]));
    expect([...services].sort()).toEqual([...ALARMED].sort());
  });

  it.each(ALARMED)(
    "%s sends what they read, by the same namespace, name and dimensions",
    async (name) => {
      const sent = await sentBy(name);
      const mine = OWN.filter(({ read }) => read.dimensions["service"] === name);
      for (const { alarm, read } of mine) expect(sent, alarm).toContainEqual(read);
    },
  );
});
