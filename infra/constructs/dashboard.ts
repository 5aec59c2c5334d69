import { Duration } from "aws-cdk-lib";
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { AlarmKinds } from "./alarm-kind.ts";

export interface BrokerDashboardProps {
  /** All alarms of the deployment. */
  readonly all: readonly Alarm[];
  /** The same by what they watch. Each group has a graph of its metrics. */
  readonly groups: Readonly<Record<string, AlarmKinds>>;
}

const WHOLE = 24;
const HALF = WHOLE / 2;

/**
 * One page with every alarm and the metrics behind it. Made only where the deployment asks for it.
 * CloudWatch takes USD 3 a month for each dashboard beyond an account's first three, and those may
 * have 50 metrics each. https://aws.amazon.com/cloudwatch/pricing/
 *
 * CloudFormation names it, because names of dashboards are unique in an account.
 */
export class BrokerDashboard extends Construct {
  constructor(scope: Construct, id: string, { all, groups }: BrokerDashboardProps) {
    super(scope, id);
    const graphs = Object.entries(groups).map(
      ([title, kinds]) =>
        new GraphWidget({
          title,
          left: Object.values(kinds).map(({ metric }) => metric),
          width: HALF,
        }),
    );
    new Dashboard(this, "Page", {
      defaultInterval: Duration.hours(12),
      widgets: [
        [new AlarmStatusWidget({ title: "Alarms", alarms: [...all], width: WHOLE, height: 6 })],
        graphs,
      ],
    });
  }
}
