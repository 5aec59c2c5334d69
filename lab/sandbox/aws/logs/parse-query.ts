/** Reads a query of CloudWatch Logs Insights. */
import { malformed, notEmulated } from "./errors.ts";
import { parseCondition } from "./parse-condition.ts";
import type { Aggregate, Command, Shown } from "./query.ts";
import { type Reader, readerOf, unexpected } from "./reader.ts";
import { tokensOf } from "./tokens.ts";

export const MOST_ROWS = 10_000;

const COMMANDS: Readonly<Record<string, (reader: Reader) => Command>> = {
  fields: (reader) => ({ kind: "fields", fields: reader.list(() => shown(reader)) }),
  filter: (reader) => ({ kind: "filter", condition: parseCondition(reader) }),
  stats: stats,
  sort: (reader) => ({ kind: "sort", keys: reader.list(() => sortKey(reader)) }),
  dedup: (reader) => ({ kind: "dedup", fields: reader.list(() => reader.field()) }),
  limit: limit,
};

/** The language's other commands, which are refused by name. */
const OTHERS = ["display", "parse", "pattern", "diff", "unmask", "unnest", "lookup", "filterindex"];

/** @throws AwsError MalformedQueryException */
export function parseQuery(query: string): readonly Command[] {
  const reader = readerOf(tokensOf(query));
  const commands = [command(reader)];
  while (reader.takes("|")) commands.push(command(reader));
  if (reader.next !== undefined) throw unexpected(reader.next, "|");
  const { length } = commands.filter(({ kind }) => kind === "stats");
  if (length > 1) throw notEmulated("a second stats command");
  checkDedup(commands);
  return commands;
}

/** "The only query command that you can use in a query after the dedup command is limit." */
function checkDedup(commands: readonly Command[]): void {
  const at = commands.findIndex(({ kind }) => kind === "dedup");
  const after = at < 0 ? [] : commands.slice(at + 1);
  if (after.some(({ kind }) => kind !== "limit"))
    throw malformed("Only the command limit can follow the command dedup.");
}

function command(reader: Reader): Command {
  const token = reader.take();
  const name = token?.kind === "word" ? token.text.toLowerCase() : "";
  const parse = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (parse !== undefined) return parse(reader);
  if (OTHERS.includes(name)) throw notEmulated(`the command ${name}`);
  throw unexpected(token, "a command");
}

function shown(reader: Reader): Shown {
  const field = reader.field();
  if (reader.next?.text === "(") throw notEmulated(`the function ${field}`);
  return { field, as: reader.takes("as") ? reader.field() : field };
}

/** AWS does not say which direction holds where none is given, so one must be. */
function sortKey(reader: Reader) {
  const field = reader.field();
  if (reader.takes("asc")) return { field, isDescending: false };
  reader.expect("desc");
  return { field, isDescending: true };
}

function limit(reader: Reader): Command {
  const token = reader.take();
  const count = Number(token?.text);
  if (token?.kind !== "number" || !Number.isInteger(count) || count < 1 || count > MOST_ROWS)
    throw malformed(`limit takes a number from 1 to ${MOST_ROWS}, and not ${token?.text}.`);
  return { kind: "limit", count };
}

const AGGREGATES = ["count", "count_distinct", "min", "max"] as const;

function stats(reader: Reader): Command {
  const aggregates = reader.list(() => aggregate(reader));
  const by = reader.takes("by") ? reader.list(() => shown(reader)) : [];
  return { kind: "stats", aggregates, by };
}

function aggregate(reader: Reader): Aggregate {
  const name = reader.field();
  const of = AGGREGATES.find((each) => each === name.toLowerCase());
  if (of === undefined) throw notEmulated(`the statistic ${name}`);
  reader.expect("(");
  const isAll = reader.takes("*") || reader.next?.text === ")";
  if (isAll && of !== "count") throw malformed(`${of} takes a field.`);
  const field = isAll ? undefined : reader.field();
  reader.expect(")");
  const as = reader.takes("as") ? reader.field() : `${of}(${field ?? "*"})`;
  return { of, as, ...(field === undefined ? {} : { field }) };
}
