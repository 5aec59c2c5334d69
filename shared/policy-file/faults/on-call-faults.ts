/** Finds schedules that nobody named, ids that two people claim, and rules that could ask nobody. */
import type * as z from "zod/mini";
import { OUTSIDE_IDS, scheduleKey } from "../../domain/facts/on-call-schedule.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import type { RuleFile } from "../rules/rule-file.ts";
import { compileSchedule } from "../schedules-file.ts";
import type { Fault } from "../yaml/located-yaml.ts";

type File = z.output<typeof AccessPolicyFile>;
type FileRule = z.output<typeof RuleFile>;

/** All faults about who is on call, in the order of the file. Pure. */
export const onCallFaults = (file: File): readonly Fault[] => [
  ...doubledSchedules(file),
  ...doubledIds(file),
  ...machinesOnCall(file),
  ...file.rules.flatMap((rule, at) =>
    faultsOfRule(rule, file).map(({ path, detail }) => ({ path: ["rules", at, ...path], detail })),
  ),
];

/** Under two names one schedule would be read twice, and evidence would have two names for it. */
function doubledSchedules({ schedules = {} }: File): readonly Fault[] {
  const first = new Map<string, string>();
  return Object.entries(schedules).flatMap(([name, schedule]) => {
    const key = scheduleKey(compileSchedule(schedule));
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, name);
    return earlier === undefined
      ? []
      : [
          {
            path: ["schedules", name],
            detail: `${earlier} is the same schedule. Write it once, and name ${earlier} in the rules.`,
          },
        ];
  });
}

function doubledIds({ people }: File): readonly Fault[] {
  const owner = new Map<string, string>();
  return Object.entries(people).flatMap(([name, { outside = {} }]) =>
    OUTSIDE_IDS.flatMap((service) => {
      const id = outside[service];
      if (id === undefined) return [];
      const first = owner.get(`${service} ${id}`);
      if (first === undefined) owner.set(`${service} ${id}`, name);
      return first === undefined
        ? []
        : [
            {
              path: ["people", name, "outside", service],
              detail: `${first} already claims this id. An id belongs to one person only.`,
            },
          ];
    }),
  );
}

const machinesOnCall = ({ people }: File): readonly Fault[] =>
  Object.entries(people).flatMap(([name, { kind, outside }]) =>
    kind === "machine" && outside
      ? [
          {
            path: ["people", name, "outside"],
            detail: `${name} is a machine, and a machine is never on call. Leave the key out.`,
          },
        ]
      : [],
  );

function faultsOfRule(rule: FileRule, file: File): readonly Fault[] {
  const { who, approval, agents, endsWithShift } = rule;
  return [
    ...unnamed(who.onCall, ["who", "onCall"], file),
    ...(endsWithShift && who.onCall === undefined
      ? [
          {
            path: ["endsWithShift"],
            detail: "The rule asks for nobody's shift. Write who.onCall as well.",
          },
        ]
      : []),
    ...faultsOfNeeds(approval === "none" ? [] : approval, ["approval"], file),
    ...faultsOfNeeds(agents?.approve ?? [], ["agents", "approve"], file),
  ];
}

const faultsOfNeeds = (
  needs: Exclude<FileRule["approval"], "none">,
  path: readonly string[],
  file: File,
): readonly Fault[] =>
  needs.flatMap(({ onCall, escalate }, n) => [
    ...unnamed(onCall, [...path, n, "onCall"], file),
    ...(onCall === undefined || escalate
      ? []
      : [
          {
            path: [...path, n, "onCall"],
            detail:
              "Only whoever is on call would ever be asked. Write escalate as well, so that the others are asked later.",
          },
        ]),
  ]);

const unnamed = (
  name: string | undefined,
  path: Fault["path"],
  { schedules = {} }: File,
): readonly Fault[] =>
  name === undefined || Object.hasOwn(schedules, name)
    ? []
    : [{ path, detail: `No schedule is called ${name}. Name it in schedules.` }];
