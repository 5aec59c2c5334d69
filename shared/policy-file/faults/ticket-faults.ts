/** Finds trackers that nobody named, or that share a token, and rules that could lend to nobody. */
import type * as z from "zod/mini";
import { placeOf } from "../../domain/facts/tracker.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import type { RuleFile } from "../rules/rule-file.ts";
import { compileTracker } from "../tickets-file.ts";
import type { Fault } from "../yaml/located-yaml.ts";

type File = z.output<typeof AccessPolicyFile>;
type FileRule = z.output<typeof RuleFile>;

/** All faults about tickets, in the order of the file. Pure. */
export const ticketFaults = (file: File): readonly Fault[] => [
  ...severalPlaces(file),
  ...file.rules.flatMap((rule, at) =>
    faultsOfRule(rule, file).map(({ path, detail }) => ({ path: ["rules", at, ...path], detail })),
  ),
];

/** One token is stored for each service, and a token of one company goes to no other. */
function severalPlaces({ tickets = {} }: File): readonly Fault[] {
  const first = new Map<string, string>();
  return Object.entries(tickets).flatMap(([name, each]) => {
    const tracker = compileTracker(each);
    if (tracker.service === "github") return [];
    const place = placeOf(tracker);
    const earlier = first.get(tracker.service) ?? place;
    first.set(tracker.service, earlier);
    const [, is] = earlier.split("/");
    return earlier === place
      ? []
      : [
          {
            path: ["tickets", name],
            detail: `Another tracker is in ${is}, and one token is stored for both. Write trackers of one place.`,
          },
        ];
  });
}

function faultsOfRule(rule: FileRule, { tickets = {} }: File): readonly Fault[] {
  const ticket = rule.reason?.ticket;
  if (ticket === undefined || typeof ticket === "string")
    return rule.endsWithTicket
      ? [
          {
            path: ["endsWithTicket"],
            detail: "The rule asks no tracker. Write reason.ticket with in as well.",
          },
        ]
      : [];
  const path = ["reason", "ticket"];
  return [
    [
      !Object.hasOwn(tickets, ticket.in),
      [...path, "in"],
      `No tracker is called ${ticket.in}. Name it in tickets.`,
    ] as const,
    [
      rule.breakGlass === true,
      path,
      "In an emergency a tracker may be away too. Let break-glass ask no tracker.",
    ] as const,
    [
      ticket.ifUnknown === "ask" && rule.approval === "none",
      [...path, "ifUnknown"],
      "The rule has no approver who could be asked. Leave it out, or name approvers.",
    ] as const,
  ].flatMap(([isRaised, at, detail]) => (isRaised ? [{ path: at, detail }] : []));
}
