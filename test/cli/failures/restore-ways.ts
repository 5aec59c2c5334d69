/** Ways to each failure of `timelatch restore`. */
import { restore } from "../../../cli/commands/restore.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";

const denied = async () => {
  throw Object.assign(new Error("User is not authorized."), {
    name: "AccessDeniedException",
    $metadata: { httpStatusCode: 400 },
  });
};

const BARE = {
  arn: "arn:restored",
  status: "ACTIVE",
  sourceArn: "arn:source",
  shape: "",
  keys: "",
  indexes: {},
  encryption: "",
  deletionProtection: false,
  ttl: "ttl",
  pointInTimeRecovery: false,
  tags: {},
};

const NO_TABLES = { read: async () => undefined, change: async () => undefined };

export const RESTORE_WAYS: Readonly<Record<string, () => unknown>> = {
  "a restored table that is named wrongly": () =>
    restore(fakeTerminal().context, ".", { table: ["ledgers"] }, NO_TABLES),
  "a restored table that is not there": () =>
    restore(fakeTerminal().context, ".", { table: ["ledger=old-ledger"] }, NO_TABLES),
  "both restored tables while somebody may be lent access": () =>
    restore(
      fakeTerminal({ api: fakeApi(() => ({ suspended: [], drain: null, requests: [] })) }).context,
      ".",
      { table: ["ledger=old-ledger", "requests=old-requests"] },
      NO_TABLES,
    ),
  "a restored table that may not be read": () =>
    restore(...([fakeTerminal().context, ".", { table: ["ledger=old-ledger"] }] as const), {
      ...NO_TABLES,
      read: denied,
    }),
  "a restored table that may not be changed": () =>
    restore(...([fakeTerminal().context, ".", { table: ["ledger=old-ledger"] }] as const), {
      read: async () => BARE,
      change: denied,
    }),
};
