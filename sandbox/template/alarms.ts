import type { DeclaredAlarm } from "../aws/cloudwatch/service.ts";
import type { ResolvedTemplate } from "./resolve.ts";

/** What alarms of the template do once they fire. They never do: the sandbox has no metrics. */
export const alarmsOf = ({ ofType }: ResolvedTemplate): readonly DeclaredAlarm[] =>
  ofType("AWS::CloudWatch::Alarm").map(({ ref: name, attributes, properties }) => ({
    name,
    arn: attributes["Arn"] ?? "",
    description: properties.optionalText("AlarmDescription") ?? "",
    actionsEnabled: properties.flag("ActionsEnabled", true),
    alarmActions: properties.texts("AlarmActions"),
    okActions: properties.texts("OKActions"),
  }));
