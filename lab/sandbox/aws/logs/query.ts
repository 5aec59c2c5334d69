/** A query of CloudWatch Logs Insights as data: its commands, in their order. */

/** The values of one event or one group of events by name; a missing value is undefined. */
export type Row = ReadonlyMap<string, string>;

export type Value =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "constant"; readonly text: string };

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

export type Condition =
  | {
      readonly kind: "compare";
      readonly left: Value;
      readonly by: Comparison;
      readonly right: Value;
    }
  | { readonly kind: "like"; readonly value: Value; readonly pattern: RegExp }
  | { readonly kind: "in"; readonly value: Value; readonly list: readonly Value[] }
  | { readonly kind: "ispresent"; readonly field: string }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "and" | "or"; readonly conditions: readonly Condition[] };

/** A field as it is shown: under its own name, or another. */
export interface Shown {
  readonly field: string;
  readonly as: string;
}

export interface Aggregate {
  readonly of: "count" | "count_distinct" | "min" | "max";
  /** Absent for `count(*)`. */
  readonly field?: string;
  readonly as: string;
}

export type Command =
  | { readonly kind: "fields"; readonly fields: readonly Shown[] }
  | { readonly kind: "filter"; readonly condition: Condition }
  | {
      readonly kind: "stats";
      readonly aggregates: readonly Aggregate[];
      readonly by: readonly Shown[];
    }
  | {
      readonly kind: "sort";
      readonly keys: readonly { readonly field: string; readonly isDescending: boolean }[];
    }
  | { readonly kind: "dedup"; readonly fields: readonly string[] }
  | { readonly kind: "limit"; readonly count: number };
