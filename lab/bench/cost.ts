/**
 * Computes the cost of Timelatch at AWS's list prices. One grant lives its whole life on DynamoDB
 * Local, with the adapters of the tables and in virtual time, and everything that has a price is
 * counted. Monthly costs come from the stack's template.
 */

import { App } from "aws-cdk-lib";
import { BrokerStack } from "../../infra/stacks/broker-stack.ts";
import { addFusesStack } from "../../infra/synth/fuses.ts";
import { PRODUCTION } from "../../infra/synth/settings.ts";
import { topologyOf } from "../../infra/synth/topology.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { type LocalTables, localTables } from "../../test/shared/aws/dynamodb/local-tables.ts";
import { ACCOUNT, REGION } from "../fakes/builders.ts";
import { boundsReport } from "./bounds-report.ts";
import { type Asking, costPolicy } from "./cost/cost-policy.ts";
import { LEAST_GRANT, LEAST_MONTH } from "./cost/floor.ts";
import { type Measured, measured } from "./cost/grant-cost.ts";
import { factMonth } from "./cost/outside-month.ts";
import { type StackFacts, stackFacts, stackMonth, type Template } from "./cost/stack-facts.ts";
import { billOf, costOf, plus, times, type Usage, type UsageByPart } from "./cost/usage.ts";
import type { Report, Suite } from "./report.ts";
import { rounded } from "./statistics.ts";
import type { Figure } from "./storm/figure.ts";

/**
 * The highest costs allowed, in USD: of 1,000 grants of an hour, and of a month; how much dearer a month is where
 * `access.yaml` asks other services.
 */
export const BOUNDS = { grants: 0.25, month: 5, outside: 1 } as const;
const GRANTS = 1_000;
/** With the wait for the approval, whole hours. */
const LIFE = { lasts: 3_600, after: 3_460 } as const;

/** Notes that a reader needs to judge the figures. */
const HOW = [
  "Counted: units of DynamoDB, invocations, requests, events, objects and signatures. A transaction writes",
  "each item twice and indexes once, as measured: https://github.com/nubo-db/dynoxide/pull/188",
  "Stated: seconds of functions, by the mean times of `bench -- storm` for each call, once for those under",
  "way together, 300 ms for an answer of another service; 700 bytes for a line of log, kept a year. Observed",
  "by others: Lambda's five pollers a queue, https://github.com/getlift/lift/issues/132. Metrics have data",
  "only where something is wrong.",
  "Left out: what stays stored in tables and archive, data transfer, free tiers, reads by who waits, and",
  "summaries of audit logs, which access.yaml switches on: two alarms more, and what CloudWatch scans. So are",
  "Slack's calls: clicks, and one for each new message, about USD 0.002 for 1,000 messages.",
] as const;

export const benchCost: Suite = async (progress) => {
  progress("The broker's stack");
  const facts = stackFacts(brokerTemplate(costPolicy()));
  progress("A grant of an hour, and hours without one, on DynamoDB Local");
  const tables = await localTables();
  try {
    const life = await measured(tables, facts.memory, LIFE);
    progress("Hours without a grant, where access.yaml asks other services");
    return reportOf(facts, life, await outsideMonths(tables));
  } finally {
    await tables.stop();
  }
};

/** The further use of a month in which other services are asked. */
export async function outsideMonths(
  tables: LocalTables,
  seconds = 3_600,
): Promise<Readonly<Record<Asking, Usage>>> {
  const monthOf = (asking?: Asking) => factMonth(tables, brokerTemplate, asking, seconds);
  const quiet = times(await monthOf(), -1);
  const more = async (asking: Asking) => plus(await monthOf(asking), quiet);
  return {
    onCall: await more("onCall"),
    tickets: await more("tickets"),
    both: await more("both"),
  };
}

function reportOf(
  facts: StackFacts,
  { grant, writes, month }: Measured,
  outside: Readonly<Record<Asking, Usage>>,
): Report {
  const grants = times(plus(...Object.values(grant)), GRANTS);
  const idle = plus(stackMonth(facts), ...Object.values(month));
  const report = boundsReport(
    [...figuresOf(grants, idle, facts.metrics), ...outsideFigures(outside)],
    "",
    {
      grants: factsOf(grants),
      month: factsOf(idle),
      grantsByPart: costsOf(grant, GRANTS),
      writeUnitsByItem: Object.fromEntries(unitsOf(writes)),
      stack: facts,
    },
  );
  const lines = [
    ...["1,000 grants of an hour, each alone in its hours, in USD:", ...itemLines(grants)],
    ...["of which, by function:", ...partLines(grant)],
    ...["Write units of one grant, by function and item:", ...writeLines(writes)],
    ...["", "A month of 730 hours without grants, in USD:", ...itemLines(idle)],
    ...["", "What a month is dearer by with schedules and tickets, in USD:"],
    ...itemLines(outside.both),
    ...["", ...HOW, ""],
  ];
  return { ...report, lines: [...lines, ...report.lines] };
}

function figuresOf(grants: Usage, idle: Usage, metrics: number): readonly Figure[] {
  const least = costOf(times(LEAST_GRANT, GRANTS));
  return [
    figure("grants", "1,000 grants of an hour", costOf(grants), BOUNDS.grants),
    figure("grantsFloor", "1,000 grants, by the calls that no broker can leave out", least, null),
    figure("month", "A month of what costs without any grant", costOf(idle), BOUNDS.month),
    figure(
      "monthOfTrouble",
      "A month with something wrong in every hour, for every metric",
      costOf(plus(idle, { metrics })),
      null,
    ),
    figure("monthFloor", "A month, by what no broker can leave out", costOf(LEAST_MONTH), null),
  ];
}

const figure = (name: string, what: string, value: number, bound: number | null): Figure => ({
  name: `cost.${name}`,
  what,
  value,
  bound,
  unit: "USD",
});

const OUTSIDE = {
  onCall: "A month more with three schedules, one of each service",
  tickets: "A month more with a tracker of tickets",
  both: "A month more with both",
} as const satisfies Readonly<Record<Asking, string>>;

const outsideFigures = (outside: Readonly<Record<Asking, Usage>>): readonly Figure[] =>
  (Object.entries(OUTSIDE) as [Asking, string][]).map(([asking, what]) =>
    figure(`outside.${asking}`, what, costOf(outside[asking]), BOUNDS.outside),
  );

const itemLines = (usage: Usage): readonly string[] =>
  billOf(usage).map(({ price, quantity, usd }) =>
    [
      usd.toFixed(4).padStart(10),
      String(rounded(quantity)).padStart(9),
      `${price.service}, ${price.unit}`,
    ].join(" "),
  );

const costsOf = (parts: UsageByPart, factor: number): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(parts).map(([part, usage]) => [part, rounded(costOf(usage) * factor)]),
  );

const partLines = (parts: UsageByPart): readonly string[] =>
  Object.entries(parts)
    .map(([part, usage]) => ({ part, usage, usd: costOf(usage) * GRANTS }))
    .filter(({ usd }) => usd >= 0.0001)
    .toSorted((one, other) => other.usd - one.usd)
    .map(({ part, usage: { invocations = 0, writeUnits = 0 }, usd }) =>
      [
        usd.toFixed(4).padStart(10),
        part.padEnd(9),
        `${rounded(invocations)} runs and ${rounded(writeUnits)} write units a grant`,
      ].join(" "),
    );

/** Units written by each kind of item, the dearest first. */
const unitsOf = (writes: UsageByPart): readonly (readonly [string, number])[] =>
  Object.entries(writes)
    .map(([item, { writeUnits = 0 }]) => [item, rounded(writeUnits)] as const)
    .filter(([, units]) => units !== 0)
    .toSorted(([, one], [, other]) => other - one);

const writeLines = (writes: UsageByPart): readonly string[] =>
  unitsOf(writes).map(([item, units]) => `${String(units).padStart(10)} ${item}`);

const factsOf = (usage: Usage) =>
  Object.fromEntries(
    billOf(usage).map(({ priced, quantity, usd }) => [
      priced,
      { quantity: rounded(quantity), usd: rounded(usd) },
    ]),
  );

/** The templates of the broker and its fuses in production as one, without bundles. */
export function brokerTemplate(access: AccessPolicy): Template {
  const app = new App({
    context: { "aws:cdk:bundling-stacks": [] },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const env = { account: ACCOUNT, region: REGION };
  const topology = topologyOf(access, env);
  const own = { access, accessFile: "access.json", settings: PRODUCTION, topology, env };
  const { stackName } = new BrokerStack(app, "Timelatch", own);
  const fuses = addFusesStack(app, access, topology, env).stackName;
  const assembly = app.synth();
  const resources = [stackName, fuses].flatMap((name) =>
    Object.entries((assembly.getStackByName(name).template as Template).Resources),
  );
  return { Resources: Object.fromEntries(resources) };
}
