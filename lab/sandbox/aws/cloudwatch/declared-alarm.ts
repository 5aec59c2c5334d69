/** An alarm as its stack declares it. */
export interface DeclaredAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  /** Its metric and threshold, by the names that CloudWatch has for them. */
  readonly settings: Readonly<Record<string, unknown>>;
}
