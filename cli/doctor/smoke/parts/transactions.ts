/** The keys of a transaction that IAM is shown: those of one item, or of all. */
import { contradicted, type Fact, holds, unsettled } from "../fact.ts";
import { sessionOf, trustsOnly, unlessDenied } from "../own-session.ts";
import type { Part } from "../part.ts";
import { unlessAbsent } from "../refusal.ts";
import { redactable, seconds } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";
import { PREFIX, ROLE_PATH, type Thing } from "../thing.ts";

export const transactions: Part = {
  name: "transactions",
  does: "writes two items in a transaction, as a scratch role that may write only one of them",
  makes: "an empty table that is paid by the call, and a role that only you can take",
  async play(stage): Promise<readonly Fact[]> {
    const name = `${PREFIX}-${stage.run}-keys`;
    if (!(await makeTable(stage, name))) return [notReady(stage)];
    const role = await makeRole(stage, name);
    const session = await sessionOf(stage, role);
    if (!session) return [notReady(stage)];
    const dynamo = await session.dynamoDb();
    /** Undefined where IAM denies it. */
    const write = (...keys: readonly (readonly [pk: string, sk: string])[]) =>
      unlessDenied(() =>
        dynamo.transactWriteItems({
          TransactItems: keys.map(([pk, sk]) => ({
            Put: { TableName: name, Item: { pk: { S: pk }, sk: { S: sk } } },
          })),
        }),
      );
    const single = await stage.until(
      redactable`the policy of the scratch role to hold`,
      stage.pace.roleSeconds,
      () => unlessDenied(() => dynamo.putItem({ TableName: name, Item: ITEM })),
    );
    if (!single) return [notReady(stage)];
    const own = await write([MINE, "1"], [MINE, "2"]);
    return [own ? keysFact(await write([MINE, "3"], [OTHERS, "1"])) : without()];
  },
};

const MINE = "mine";
const OTHERS = "others";
const ITEM = { pk: { S: MINE }, sk: { S: "0" } };

/** @returns whether it is ready in time */
async function makeTable(stage: Stage, TableName: string): Promise<boolean> {
  const { account, region } = stage.deployed;
  const dynamo = await clientsAt(stage, stage.deployed).dynamoDb();
  const thing: Thing = { kind: "table", account, region, name: TableName };
  await stage.journal.make(thing, () =>
    dynamo.createTable({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  const ready = await stage.until(
    redactable`the scratch table to be ready`,
    stage.pace.stackSeconds,
    async () => {
      const found = await unlessAbsent(() => dynamo.describeTable({ TableName }));
      return found?.Table?.TableStatus === "ACTIVE" ? true : undefined;
    },
  );
  return ready === true;
}

/** It may write what has a key of its own among the keys of the call. @returns its ARN */
async function makeRole(stage: Stage, name: string): Promise<string> {
  const { account, region, partition } = stage.deployed;
  const clients = clientsAt(stage, stage.deployed);
  const [iam, sts] = [await clients.iam(), await clients.sts()];
  const { UserId = "" } = await sts.getCallerIdentity({});
  await stage.journal.make({ kind: "role", account, name }, () =>
    iam.createRole({
      RoleName: name,
      Path: ROLE_PATH,
      AssumeRolePolicyDocument: trustsOnly(partition, account, UserId),
    }),
  );
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "dynamodb:PutItem",
        Resource: `arn:${partition}:dynamodb:${region}:${account}:table/${name}`,
        Condition: { "ForAnyValue:StringEquals": { "dynamodb:LeadingKeys": [MINE] } },
      },
    ],
  });
  await iam.putRolePolicy({ RoleName: name, PolicyName: "smoke", PolicyDocument });
  return `arn:${partition}:iam::${account}:role${ROLE_PATH}${name}`;
}

/** Either answer is good: the statements of our roles hold with both. @param both the answer; undefined where it was denied */
const keysFact = (both: object | undefined): Fact =>
  holds(
    "leading-keys",
    both
      ? redactable`IAM was shown the keys of both items of a transaction at once`
      : redactable`IAM was shown the key of each item of a transaction by itself`,
    { items: 2, keys: both ? 2 : 1 },
  );

const without = (): Fact =>
  contradicted(
    "leading-keys",
    redactable`IAM was shown no key of a transaction's items`,
    redactable`tell us: correlate could record nothing`,
    { items: 2, keys: 0 },
  );

const notReady = ({ pace }: Stage): Fact =>
  unsettled(
    "leading-keys",
    redactable`the scratch table or its role was not ready in ${seconds(pace.roleSeconds)}`,
    redactable`run it again: timelatch doctor --smoke --only transactions`,
  );
