import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  type TablePropsV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { AUDIT_INDEX, INDEX, type Index } from "../../shared/aws/dynamodb/indexes.ts";
import type { AdoptedTables } from "../synth/settings.ts";

const text = (name: string) => ({ name, type: AttributeType.STRING });

/**
 * CloudFormation retains them, also where the creation of the stack is undone: DynamoDB deletes no protected table, and the
 * undoing would fail.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection
 */
const COMMON: TablePropsV2 = {
  partitionKey: text("pk"),
  sortKey: text("sk"),
  billing: Billing.onDemand(),
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
};

const indexes = (named: Readonly<Record<string, Index>>) =>
  Object.values(named).map(({ name, pk, sk, holds }) => ({
    indexName: name,
    partitionKey: text(pk),
    sortKey: text(sk),
    ...projected(holds),
  }));

function projected(holds: Index["holds"]) {
  if (holds === "everything") return { projectionType: ProjectionType.ALL };
  if (holds.length === 0) return { projectionType: ProjectionType.KEYS_ONLY };
  return { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...holds] };
}

/** The properties that the stack needs of a table, whoever made it. */
export type BrokerTable = Pick<ITableV2, "tableArn" | "tableName">;

/**
 * Three tables. `requests` has all that changes. `audit` has all that never changes, and nobody may
 * change it. Only converge writes `ledger`.
 *
 * A table that was restored to an instant is a new one, which no stack makes. Where it is adopted, the
 * stack names it and leaves its own, which CloudFormation then keeps. `timelatch restore` gives it what
 * `COMMON` and the time to live say.
 */
export class Tables extends Construct {
  readonly requests: BrokerTable;
  readonly audit: BrokerTable;
  readonly ledger: BrokerTable;

  constructor(scope: Construct, id: string, { requests, audit, ledger }: AdoptedTables) {
    super(scope, id);
    this.requests = this.#table("Requests", requests, {
      timeToLiveAttribute: "ttl",
      globalSecondaryIndexes: indexes(INDEX),
    });
    // No time to live: what is evidence stays.
    this.audit = this.#table("Audit", audit, { globalSecondaryIndexes: indexes(AUDIT_INDEX) });
    this.ledger = this.#table("Ledger", ledger, { timeToLiveAttribute: "ttl" });
  }

  #table(id: string, adopted: string | undefined, props: Partial<TablePropsV2>): BrokerTable {
    return adopted === undefined
      ? new TableV2(this, id, { ...COMMON, ...props })
      : TableV2.fromTableName(this, id, adopted);
  }
}
