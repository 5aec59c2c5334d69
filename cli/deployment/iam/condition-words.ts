/** Conditions of IAM in words. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */

const OPERATORS: Readonly<Record<string, string>> = {
  StringEquals: "is",
  ArnEquals: "is",
  Bool: "is",
  NumericEquals: "is",
  StringLike: "is like",
  ArnLike: "is like",
  StringNotEquals: "is not",
  ArnNotEquals: "is not",
  StringNotLike: "is not like",
  ArnNotLike: "is not like",
  StringEqualsIgnoreCase: "is, in any case of letters,",
};

/** `a is b, and c is like d or e`; empty without a condition. */
export function conditionWords(condition: unknown, text: (value: unknown) => string): string {
  if (typeof condition !== "object" || condition === null) return "";
  return Object.entries(condition)
    .flatMap(([operator, tests]) =>
      Object.entries(tests as Readonly<Record<string, unknown>>).map(([key, given]) =>
        testWords(operator, key, [given].flat().map(text)),
      ),
    )
    .toSorted()
    .join(", and ");
}

function testWords(operator: string, key: string, values: readonly string[]): string {
  const [, quantifier, name = "", ifExists] =
    /^(?:(For\w+):)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  if (name === "Null") return `${key} is ${values[0] === "true" ? "absent" : "there"}`;
  const who = QUANTIFIERS[quantifier ?? ""]?.(key) ?? key;
  const words = `${who} ${OPERATORS[name] ?? name} ${values.join(" or ")}`;
  return ifExists ? `${words} where it is there` : words;
}

const QUANTIFIERS: Readonly<Record<string, (key: string) => string>> = {
  ForAllValues: (key) => `each ${key}`,
  ForAnyValue: (key) => `one ${key}`,
};
