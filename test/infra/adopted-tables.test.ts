/** Restored tables in place of the stack's own: everything names them, and no stack makes or changes them. */
import { describe, expect, it } from "vitest";
import { variantOf } from "../../infra/synth/variants.ts";
import type { Template } from "../../lab/sandbox/template/assembly.ts";
import { broker } from "./broker.ts";

const stackWith = (TIMELATCH_TABLES: string) =>
  broker(undefined, variantOf({ TIMELATCH_SETTINGS: "sandbox", TIMELATCH_TABLES }));

const tablesIn = ({ Resources = {} }: Template) =>
  Object.entries(Resources).filter(([, { Type }]) => Type === "AWS::DynamoDB::GlobalTable");

describe("Adopted tables", () => {
  it("Functions and roles name the adopted table, and the stack leaves its own to itself", () => {
    const { template } = stackWith("ledger=Restored-Ledger");
    expect(tablesIn(template).map(([id]) => id)).toEqual([
      "TablesRequests3CA232D6",
      "TablesAuditCEFF9E0F",
    ]);
    const text = JSON.stringify(template);
    expect(text).not.toContain("TablesLedger");
    expect(text).toContain('"LEDGER_TABLE":"Restored-Ledger"');
    expect(text).toContain("table/Restored-Ledger");
  });

  it("Indexes of an adopted table are reached as those of the stack's own", () => {
    const { template } = stackWith("requests=Restored-Requests, audit=Restored-Audit");
    const text = JSON.stringify(template);
    expect(text).toContain("table/Restored-Requests/index/due");
    expect(text).toContain("table/Restored-Audit/index/audit");
  });

  it("The stack's own tables are kept where it leaves them", () => {
    const policies = tablesIn(stackWith("").template).map(
      ([, { DeletionPolicy }]) => DeletionPolicy,
    );
    expect(policies).toEqual(["Retain", "Retain", "Retain"]);
  });

  it.each(["ledger", "ledgers=a-table", "ledger=a", "ledger=a table"])(
    "%j is refused, and nothing is synthesized",
    (written) => {
      expect(() => variantOf({ TIMELATCH_TABLES: written })).toThrow("Nothing was synthesized");
    },
  );
});
