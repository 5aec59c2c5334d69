import { Duration } from "aws-cdk-lib";
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type AlarmKinds, MINUTE } from "./alarm-kind.ts";

export interface FrontAlarmsProps {
  readonly api: IFunction;
  readonly correlate: IFunction;
  /** Absent where the broker does not use Slack. */
  readonly slack?: IFunction;
  /** How often API Gateway answered with a server error. */
  readonly serverErrors: (period: Duration) => IMetric;
}

const SUM = { period: MINUTE, statistic: "Sum" };
/** One answer of 503 asks a client to repeat its call. Several are an outage. */
const SERVER_ERRORS = 5;

/** Alarms on what people reach: the HTTP API and Slack. */
export const frontAlarms = (props: FrontAlarmsProps): AlarmKinds => ({
  ApiServerErrors: {
    metric: props.serverErrors(Duration.minutes(5)),
    threshold: SERVER_ERRORS,
    description:
      "The API answered several calls with a server error in five minutes. People cannot ask, decide or revoke reliably. Access that is lent still ends. Read api's log.",
  },
  ...throttles("Api", props.api, "Callers are answered 503. Access that is lent still ends."),
  ...slackAlarms(props),
  ...throttles(
    "Correlate",
    props.correlate,
    "CloudTrail's events wait to be compared. Access is not affected.",
  ),
});

/** Alarms on the function that answers Slack. A forged call does not make it fail. */
const slackAlarms = ({ slack }: FrontAlarmsProps): AlarmKinds =>
  slack
    ? {
        SlackErrors: {
          metric: slack.metricErrors(SUM),
          description:
            "Nobody can ask or decide in Slack: the signing secret or the bot token cannot be read, or this is a bug. The command line works. Read slack's log.",
        },
        ...throttles("Slack", slack, "Slack shows its users an error. The command line may work."),
      }
    : {};

const throttles = (name: string, target: IFunction, effect: string): AlarmKinds => ({
  [`${name}Throttles`]: {
    metric: target.metricThrottles(SUM),
    description: `Lambda did not start ${name.toLowerCase()}: the account has no concurrency left. ${effect}`,
  },
});
