/** Properties of an alarm that the sandbox shows. */

/** The alarm's text and actions. */
export const ALARM_TEXTS = ["AlarmDescription", "ActionsEnabled", "AlarmActions", "OKActions"];

/** The alarm's metric and thresholds: CloudWatch shows them under the template's own names. */
export const ALARM_SETTINGS = [
  ...["Namespace", "MetricName", "Dimensions", "Statistic", "Period", "EvaluationPeriods"],
  ...["Threshold", "ComparisonOperator", "TreatMissingData"],
];
