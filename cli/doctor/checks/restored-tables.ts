import type { RestoredTable } from "../../deployment/restored-tables.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { stackName } from "../expected-names.ts";
import { makeIt } from "../remedies.ts";
import { type DeployedTable, deployedTables } from "../tables/deployed-tables.ts";
import { type Expected, lacksOf } from "../tables/table-lacks.ts";

/** Each table that the deployed functions use has what a restored table lacks. */
export const restoredTables: Check = {
  name: "tables",
  needs: [
    ...["cloudformation:GetTemplate", "cloudformation:ListStackResources"],
    ...["dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"],
    ...["dynamodb:DescribeContinuousBackups", "dynamodb:ListTagsOfResource"],
  ],
  async look(patient) {
    const { broker, deployment, region, account } = patient;
    const name = stackName(deployment);
    const contents = await broker.stackContents(name, region);
    if (!contents) return [ill("it is not deployed", "timelatch deploy", name)];
    const results: CheckResult[] = [];
    for (const table of deployedTables(contents, { account, region }))
      results.push(...(await judged(patient, table)));
    return results;
  },
};

async function judged(
  { broker }: Patient,
  deployed: DeployedTable,
): Promise<readonly CheckResult[]> {
  const { holds, name } = deployed;
  const subject = `${holds} ${name}`;
  const table = await broker.table(name);
  if (!table) return [ill("does not exist", makeIt(), subject)];
  const source = table.sourceArn === undefined ? undefined : await broker.table(table.sourceArn);
  const expected = expectedOf(deployed, table, source);
  const lacks = lacksOf(deployed, table, expected);
  return lacks.length > 0
    ? lacks.map(({ says, next }) => ill(says, next, subject))
    : [well(allOf(table, expected), subject)];
}

/** Tags and encryption as the stack has them, or of a restored table as its source has them. */
function expectedOf(
  { declared }: DeployedTable,
  table: RestoredTable,
  source: RestoredTable | undefined,
): Expected | undefined {
  if (declared) return declared;
  return table.sourceArn === undefined || !source
    ? undefined
    : { tags: source.tags, encryption: source.encryption };
}

const allOf = (
  { ttl, sourceArn, encryption, tags }: RestoredTable,
  expected: Expected | undefined,
): string =>
  [
    `${sourceArn === undefined ? "" : "restored: "}has point-in-time recovery, deletion protection`,
    ttl === undefined ? ", no time to live, " : `, time to live by ${ttl}, `,
    `its indexes, ${Object.keys(tags).length} tags, and ${encryption}`,
    ...(expected ? [] : ["; tags and encryption were not compared: its source is gone"]),
  ].join("");
