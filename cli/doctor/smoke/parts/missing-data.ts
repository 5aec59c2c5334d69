/** Whether an alarm on something that falls silent fires: one that is like the deployment's, on a function that does not exist. */
import { stackName } from "../../expected-names.ts";
import { contradicted, type Fact, judged } from "../fact.ts";
import type { Part } from "../part.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";
import { PREFIX, type Thing } from "../thing.ts";

export const missingData: Part = {
  name: "missing-data",
  does: "makes an alarm like SweepSilent on a function that does not exist, and waits until it fires",
  makes: "an alarm without actions",
  async play(stage): Promise<readonly Fact[]> {
    const { deployed, run, journal, pace } = stage;
    const { account, region } = deployed;
    const client = await clientsAt(stage, deployed).cloudWatch();
    const model = await modelOf(stage);
    if (!model) return [noModel()];
    const name = `${PREFIX}-${run}-silent`;
    const thing: Thing = { kind: "alarm", account, region, name };
    await journal.make(thing, () =>
      client.putMetricAlarm({
        ...model,
        AlarmName: name,
        ActionsEnabled: false,
        AlarmDescription: "Scratch alarm of timelatch doctor --smoke. It may be deleted",
        Dimensions: [{ Name: "FunctionName", Value: name }],
      }),
    );
    const began = stage.now();
    const { Period = 60, EvaluationPeriods = 1 } = model;
    const expected = Period * EvaluationPeriods;
    const fired = await stage.until(
      redactable`${named("alarm", name)} to fire, which has no data`,
      expected + pace.silenceSeconds,
      async () => {
        const { MetricAlarms = [] } = await client.describeAlarms({ AlarmNames: [name] });
        return MetricAlarms[0]?.StateValue === "ALARM" ? stage.now() : undefined;
      },
    );
    const after = ((fired ?? stage.now()) - began) / 1_000;
    return [
      judged(fired !== undefined, "missing-data", {
        says:
          fired === undefined
            ? redactable`an alarm like SweepSilent, without data, did not fire in ${seconds(after)}`
            : redactable`an alarm like SweepSilent, without data, fired after ${seconds(after)}; it is to after ${seconds(expected)}`,
        next: redactable`compare how the alarm SweepSilent treats missing data: a sweep that stops would be silent`,
        numbers: { afterSeconds: after, expectedSeconds: expected },
      }),
    ];
  },
};

/** Its metric and threshold, as they are deployed. */
async function modelOf(stage: Stage) {
  const { deployed } = stage;
  const client = await clientsAt(stage, deployed).cloudWatch();
  const { paginateDescribeAlarms } = await import("@aws-sdk/client-cloudwatch");
  const asked = { AlarmNamePrefix: `${stackName(deployed.name)}-Alarms` };
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, asked))
    for (const alarm of MetricAlarms)
      if (alarm.AlarmName?.includes("SweepSilent")) {
        const { MetricName, Namespace, Statistic, Period, EvaluationPeriods } = alarm;
        const { Threshold, ComparisonOperator, TreatMissingData } = alarm;
        return {
          MetricName,
          Namespace,
          Statistic,
          Period,
          EvaluationPeriods,
          Threshold,
          ComparisonOperator,
          TreatMissingData,
        };
      }
  return undefined;
}

const noModel = (): Fact =>
  contradicted(
    "missing-data",
    redactable`the deployment has no alarm SweepSilent`,
    redactable`timelatch deploy, where it was never deployed; else make it again by hand`,
  );
