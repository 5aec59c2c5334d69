/** The changes of a sync, in sentences. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { SyncedPeople } from "../../shared/policy-tools/people-sync/sync-people.ts";

const MANY = 30;

/** A line for each person who joins, leaves or changes, and for each user who is left out. */
export function syncText({ people, joins, leaves, changes, leftOut }: SyncedPeople): string {
  const groupsOf = (name: string) => people[name]?.groups ?? [];
  return [
    ...shortened(
      "joins",
      joins.map((name) => `+ ${name} joins: ${people[name]?.email}, ${inGroups(groupsOf(name))}.`),
    ),
    ...shortened(
      "leaves",
      leaves.map(({ name, because }) => `- ${name} leaves: ${name} ${because}.`),
    ),
    ...shortened(
      "changes",
      changes.map(({ name, details }) => `~ ${name} ${details.join(", and ")}.`),
    ),
    ...shortened(
      "left out",
      leftOut.map((text) => `! ${text}`),
    ),
  ]
    .map((line) => `${visible(line)}\n`)
    .join("");
}

const inGroups = (groups: readonly string[]) =>
  groups.length === 0 ? "in no group" : `in ${groups.join(", ")}`;

const shortened = (what: string, lines: readonly string[]): readonly string[] =>
  lines.length <= MANY
    ? lines
    : [
        ...lines.slice(0, MANY),
        `  … and ${lines.length - MANY} more (${what}); --json has them all.`,
      ];

/** `2 join, 1 leaves, 3 change, 40 stay as they are, 1 is left out` */
export function countsText({ people, joins, leaves, changes, leftOut }: SyncedPeople): string {
  const stay = Object.keys(people).length - joins.length - changes.length;
  const counts = [
    ...counted(joins.length, "joins", "join"),
    ...counted(leaves.length, "leaves", "leave"),
    ...counted(changes.length, "changes", "change"),
    ...counted(stay, "stays as they are", "stay as they are"),
    ...counted(leftOut.length, "is left out", "are left out"),
  ];
  return counts.length > 0 ? counts.join(", ") : "nobody is in it";
}

const counted = (count: number, one: string, several: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
