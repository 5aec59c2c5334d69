import {
  AttributeType,
  Billing,
  ProjectionType,
  type TablePropsV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { AUDIT_INDEX, INDEX, type Index } from "../../shared/aws/dynamodb/indexes.ts";

const text = (name: string) => ({ name, type: AttributeType.STRING });

const COMMON: TablePropsV2 = {
  partitionKey: text("pk"),
  sortKey: text("sk"),
  billing: Billing.onDemand(),
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
};

const indexes = (of: Readonly<Record<string, Index>>) =>
  Object.values(of).map(({ name, pk, sk, holds }) => ({
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

/**
 * Three tables. `requests` has what changes. `audit` has what never changes, and nobody may change
 * it. `ledger` is converge's alone.
 */
export class Tables extends Construct {
  readonly requests: TableV2;
  readonly audit: TableV2;
  readonly ledger: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.requests = new TableV2(this, "Requests", {
      ...COMMON,
      timeToLiveAttribute: "ttl",
      globalSecondaryIndexes: indexes(INDEX),
    });
    // No time to live: what is evidence stays.
    this.audit = new TableV2(this, "Audit", {
      ...COMMON,
      globalSecondaryIndexes: indexes(AUDIT_INDEX),
    });
    this.ledger = new TableV2(this, "Ledger", { ...COMMON, timeToLiveAttribute: "ttl" });
  }
}
