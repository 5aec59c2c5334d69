import type { DeclaredAlarm } from "../aws/cloudwatch/declared-alarm.ts";
import { ALARM_SETTINGS } from "./alarm-properties.ts";
import type { ResolvedTemplate } from "./resolve.ts";

/** The settings of the template's alarms. They never fire: the sandbox has no metrics. */
export const alarmsOf = ({ ofType }: ResolvedTemplate): readonly DeclaredAlarm[] =>
  ofType("AWS::CloudWatch::Alarm").map(({ ref: name, attributes, properties }) => ({
    name,
    arn: attributes["Arn"] ?? "",
    description: properties.optionalText("AlarmDescription") ?? "",
    actionsEnabled: properties.flag("ActionsEnabled", true),
    alarmActions: properties.texts("AlarmActions"),
    okActions: properties.texts("OKActions"),
    settings: Object.fromEntries(
      ALARM_SETTINGS.flatMap((name) => {
        const value = properties.raw(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  }));
