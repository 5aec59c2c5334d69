import { expect, it } from "vitest";
import type { Template as TemplateJson } from "../../lab/sandbox/template/assembly.ts";
import { fuseSchedule } from "../../shared/domain/entries/fuse-schedule.ts";
import { clusterOf, lostFusesName } from "../../shared/domain/values/arn.ts";
import { ACCOUNT, broker, REGION } from "./broker.ts";

const { template, fuses } = broker();
const has = ({ Resources }: TemplateJson, type: string, name: string) =>
  Object.values(Resources).some(
    ({ Type, Properties = {} }) => Type === type && Object.values(Properties).includes(name),
  );

it.each([
  ["AWS::Scheduler::ScheduleGroup", "timelatch"],
  ["AWS::IAM::Role", "timelatch-fuse"],
  ["AWS::SQS::Queue", lostFusesName("timelatch")],
])(
  "What a fuse of the broker's own account needs outlives the broker's stack: %s %s",
  (type, name) => {
    expect(has(template, type, name)).toBe(false);
    expect(has(fuses, type, name)).toBe(true);
  },
);

it("A fuse of the broker's own account names nothing else", () => {
  const { Target } = fuseSchedule(
    { deployment: "timelatch" },
    {
      name: "f-1",
      address: {
        cluster: clusterOf(`arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod`),
        principalArn: `arn:aws:iam::${ACCOUNT}:role/alice`,
      },
      target: "groups",
      at: "2026-11-24T11:00:00.000Z",
    },
  );
  expect([Target.RoleArn, Target.DeadLetterConfig.Arn]).toEqual([
    `arn:aws:iam::${ACCOUNT}:role/timelatch-fuse`,
    `arn:aws:sqs:${REGION}:${ACCOUNT}:timelatch-lost-fuses`,
  ]);
});
