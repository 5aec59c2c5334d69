import { describe, expect, it } from "vitest";
import { renderFacts } from "../../../cli/terminal/facts.ts";
import type { Style } from "../../../cli/terminal/screen.ts";
import { type Column, renderTable } from "../../../cli/terminal/table.ts";
import { widthOf } from "../../../cli/terminal/text-layout.ts";

interface Row {
  readonly state: string;
  readonly access: string;
  readonly id: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "STATE", text: ({ state }) => state, style: () => "green" },
  { title: "ACCESS", text: ({ access }) => access, least: 8 },
  { title: "ID", text: ({ id }) => id, folds: 1 },
];
const ROWS: readonly Row[] = [
  { state: "active", access: "AmazonEKSViewPolicy in payments-api", id: "0001" },
  { state: "ended", access: "日本語", id: "0002" },
];

const plain = (columns: number) => ({
  columns,
  paint: (_style: Style | undefined, text: string) => text,
});

describe("a table", () => {
  it("A table has one line for each row where it fits, or without a terminal", () => {
    const wide = [
      "STATE   ACCESS                               ID",
      "active  AmazonEKSViewPolicy in payments-api  0001",
      "ended   日本語                               0002",
      "",
    ].join("\n");
    expect(renderTable(ROWS, COLUMNS, plain(49))).toBe(wide);
    expect(renderTable(ROWS, COLUMNS, plain(Number.POSITIVE_INFINITY))).toBe(wide);
  });

  it("A table folds columns below their row before it cuts anything", () => {
    expect(renderTable(ROWS, COLUMNS, plain(48))).toBe(
      [
        "STATE   ACCESS",
        "active  AmazonEKSViewPolicy in payments-api",
        "  0001",
        "ended   日本語",
        "  0002",
        "",
      ].join("\n"),
    );
  });

  it("A table shrinks the columns that may shrink, and marks cuts with …", () => {
    const narrow = renderTable(ROWS, COLUMNS, plain(20));
    expect(narrow).toContain("active  AmazonEKSVi…\n  0001\n");
    for (const line of narrow.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(20);
  });

  it("A table folds more columns where shrinking is not enough, and leaves no empty line", () => {
    const columns: readonly Column<Row>[] = [
      { title: "STATE", text: ({ state }) => state },
      { title: "ACCESS", text: ({ access }) => access, least: 30, folds: 2 },
      { title: "ID", text: ({ id }) => (id === "0001" ? "" : id), folds: 1 },
    ];
    expect(renderTable(ROWS, columns, plain(30))).toBe(
      ["STATE", "active", "  AmazonEKSViewPolicy in paym…", "ended", "  日本語", "  0002", ""].join(
        "\n",
      ),
    );
    expect(renderTable(ROWS, columns, plain(38))).toContain(
      "active  AmazonEKSViewPolicy in paymen…\n",
    );
  });

  it("A table pads before it paints, so that colour moves nothing", () => {
    const stream = {
      columns: 80,
      paint: (style: Style | undefined, text: string) => (style === "green" ? `<${text}>` : text),
    };
    expect(renderTable(ROWS, COLUMNS, stream)).toContain("<ended >  日本語");
  });
});

describe("facts", () => {
  it("The lines of facts wrap below themselves, and are never cut", () => {
    const facts = [
      ["Who", "alice"],
      ["Reason", "one two three four five six"],
    ] as const;
    expect(renderFacts(facts, plain(30))).toBe(
      "  Who     alice\n  Reason  one two three four\n          five six\n",
    );
  });

  it("A word that is too wide for its column gets a line on which it fits", () => {
    const arn = "arn:aws:iam::1:role/alice";
    const facts = [
      ["Principal", "alice"],
      ["Who", `alice as ${arn}`],
      ["As", arn],
      ["Too wide", `${arn}-and-more`],
    ] as const;
    expect(renderFacts(facts, plain(28))).toBe(
      `  Principal  alice\n  Who        alice as\n   ${arn}\n  As\n   ${arn}\n  Too wide   ${arn}-and-more\n`,
    );
  });
});
