/** Ways to each failure of `timelatch restore`. */
import { restore } from "../../../cli/commands/restore.ts";
import { fakeTerminal } from "../fake-terminal.ts";

const NO_TABLES = { read: async () => undefined, change: async () => undefined };

export const RESTORE_WAYS: Readonly<Record<string, () => unknown>> = {
  "a restored table that is named wrongly": () =>
    restore(fakeTerminal().context, ".", { table: ["ledgers"] }, NO_TABLES),
  "a restored table that is not there": () =>
    restore(fakeTerminal().context, ".", { table: ["ledger=old-ledger"] }, NO_TABLES),
};
