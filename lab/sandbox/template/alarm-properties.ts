/** Properties of an alarm that the sandbox shows. */

/** What it says and does. */
export const ALARM_TEXTS = ["AlarmDescription", "ActionsEnabled", "AlarmActions", "OKActions"];

/** What it looks at: CloudWatch shows them under the template's own names. */
export const ALARM_SETTINGS = [
  ...["Namespace", "MetricName", "Dimensions", "Statistic", "Period", "EvaluationPeriods"],
  ...["Threshold", "ComparisonOperator", "TreatMissingData"],
];
