/** The texts of a smoke test before it begins, and where it does not end well. */
import { Failure } from "../../failures/failure.ts";
import { wrap } from "../../terminal/text-layout.ts";
import type { Part } from "./part.ts";
import { shown } from "./report/redactable.ts";
import type { Session, SessionEnd } from "./session.ts";
import type { Deployed } from "./stage.ts";
import { PREFIX, thingText } from "./thing.ts";

/** @throws Failure where the broker's stack is not there */
export function demandDeployed(deployed: Deployed | undefined): Deployed {
  if (deployed) return deployed;
  throw new Failure("unwell", "not-deployed", {
    what: "The broker's stack is not deployed, or was deployed without converge.",
    notDone: "Nothing was made.",
    next: ["Next: timelatch deploy"],
  });
}

/** Nothing begins before earlier runs are cleaned up. */
export const notSearched = (error: unknown): Failure =>
  new Failure(
    "refused",
    "not-searched",
    {
      what: `What earlier runs left could not be listed: ${error instanceof Error ? error.name : "unknown"}.`,
      notDone: "Nothing was made, and nothing was removed.",
      next: [
        "Next: sign in with credentials that may list roles, access entries and schedules: timelatch docs doctor.",
      ],
    },
    { cause: error },
  );

/** The question: what will be made, where, and what it costs. */
export function question(
  { context, parts, stage, places, file }: Session,
  isClean: boolean,
): string {
  const where = places.map(({ account, region }) => `${account}/${region}`).join(", ");
  if (isClean)
    return `This removes what earlier runs left in ${where}: whatever of theirs begins with ${PREFIX}.\n`;
  const { columns } = context.screen.err;
  const width = Math.max(...parts.map(({ name }) => name.length)) + 4;
  const block = ({ name, does, makes }: Part) => {
    const says = makes ? `${does}. Makes ${makes}` : does;
    const lines = wrap(says, Math.max(20, columns - width));
    return lines.map((line, at) => `  ${(at === 0 ? name : "").padEnd(width - 2)}${line}`);
  };
  const ends = [
    `What it makes, it removes again, also after Ctrl-C. Every name begins with ${PREFIX}, and is written to ${file} first.`,
    "On clusters it touches entries of its own only. AWS charges for nothing but the restored table.",
  ];
  return `${[
    `This tries what AWS does not document, on ${stage.clusters.map(({ name }) => name).join(", ")}:`,
    ...parts.flatMap(block),
    ...ends.flatMap((line) => wrap(line, columns)),
  ].join("\n")}\n`;
}

/** Undefined where everything holds or is only not settled, and nothing is left. */
export function notWell({ played, left, stopped }: SessionEnd): Failure | undefined {
  const wrong = played.flatMap(({ facts }) =>
    facts.filter(({ verdict }) => verdict === "contradicted"),
  );
  const failed = played.filter((each) => each.failed !== undefined);
  const clean = ["Next: sign in where that is why, and run timelatch doctor --smoke --clean."];
  const findings = left.map(({ thing, why }) => `${shown(thingText(thing))}: ${why}`);
  if (stopped !== undefined)
    return new Failure(stopped === "SIGINT" ? "interrupted" : "terminated", "interrupted", {
      what: `You stopped the smoke test (${stopped}).`,
      notDone: left.length === 0 ? "What it made is removed." : "Not everything is removed:",
      ...(left.length === 0 ? {} : { findings }),
      next: left.length === 0 ? ["Next: run it again when you are ready."] : [clean[0] ?? ""],
    });
  if (wrong.length + failed.length + left.length === 0) return undefined;
  return new Failure("unwell", "smoke", {
    what: `${wrong.length} facts do not hold, ${failed.length} parts could not be played, and ${left.length} things are left.`,
    notDone: left.length === 0 ? "What it made is removed." : "Not everything is removed:",
    ...(left.length === 0 ? {} : { findings }),
    next:
      left.length === 0
        ? ["Next: do what stands behind each →, and run the part again with --only."]
        : [clean[0] ?? ""],
  });
}
