import {
  AttributeType,
  Billing,
  ProjectionType,
  type TablePropsV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";

/** The indexes of the requests table. Each has its own two key attributes: `mine` has `minePk` and `mineSk`. */
export const REQUESTS_INDEXES = ["mine", "live", "removal", "due", "driftCheck", "audit"] as const;

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
      globalSecondaryIndexes: REQUESTS_INDEXES.map((indexName) => ({
        indexName,
        partitionKey: text(`${indexName}Pk`),
        sortKey: text(`${indexName}Sk`),
        projectionType: ProjectionType.ALL,
      })),
    });
    this.ledger = new TableV2(this, "Ledger", { ...COMMON, timeToLiveAttribute: "ttl" });
  }
}
