import { SyncRefusal } from "./sync-refusal.ts";

interface CsvRow {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

const SEPARATORS = [",", ";", "\t"] as const;

/** A field, in quotes or without, and what follows it: a separator, the end of a line, or of the text. */
const fieldBefore = (separator: string) =>
  new RegExp(`(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r\\n|\\r|\\n|$)`, "y");

/**
 * The rows of a CSV text; empty lines are left out. Its separator is the one that the first line has most.
 * https://www.rfc-editor.org/rfc/rfc4180
 *
 * @throws SyncRefusal for quotes that do not end, or stand within a field
 */
export function csvRows(text: string): readonly CsvRow[] {
  const whole = text.replace(/^\uFEFF/, "");
  const [first = ""] = whole.split(/\r\n|\r|\n/, 1);
  const count = (separator: string) => first.split(separator).length;
  const separator = SEPARATORS.reduce((most, one) => (count(one) > count(most) ? one : most));
  const field = fieldBefore(separator);
  const rows: CsvRow[] = [];
  let [line, begin] = [1, 1];
  let fields: string[] = [];
  while (field.lastIndex < whole.length || fields.length > 0) {
    const found = field.exec(whole);
    if (!found)
      throw new SyncRefusal(
        `Line ${line} has quotes that do not end, or that begin within a field.`,
        "write a quote within quotes twice.",
      );
    const [all, quoted, plain = "", end] = found;
    line += all.match(/\r\n|\r|\n/g)?.length ?? 0;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === separator) continue;
    if (fields.length > 1 || fields[0] !== "") rows.push({ line: begin, fields });
    fields = [];
    begin = line;
  }
  return rows;
}
