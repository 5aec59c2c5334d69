import {
  AttributeType,
  Billing,
  ProjectionType,
  type TablePropsV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { INDEX } from "../../shared/aws/dynamodb/indexes.ts";

const text = (name: string) => ({ name, type: AttributeType.STRING });

const COMMON: TablePropsV2 = {
  partitionKey: text("pk"),
  sortKey: text("sk"),
  billing: Billing.onDemand(),
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
};

/** Two tables: requests with their audit events, and the ledgers, which only converge reads and writes. */
export class Tables extends Construct {
  readonly requests: TableV2;
  readonly ledger: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.requests = new TableV2(this, "Requests", {
      ...COMMON,
      timeToLiveAttribute: "ttl",
      globalSecondaryIndexes: Object.values(INDEX).map(({ name, pk, sk }) => ({
        indexName: name,
        partitionKey: text(pk),
        sortKey: text(sk),
        projectionType: ProjectionType.ALL,
      })),
    });
    this.ledger = new TableV2(this, "Ledger", { ...COMMON, timeToLiveAttribute: "ttl" });
  }
}
