/** Arguments and answers, short enough to read in a trace. */
export function brief(values: readonly unknown[]): string {
  const text = values.map((value) => JSON.stringify(value, shorten) ?? "nothing").join(", ");
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

/** Members that say nothing to a reader. */
const SILENT: ReadonlySet<string> = new Set([
  "lastHash",
  "previousHash",
  "hash",
  "digest",
  "policyHash",
  "proof",
  "requirements",
  "reason",
  "schema",
  "sourceIdentity",
  "createdAt",
  "updatedAt",
  "lapsesAt",
]);

function shorten(key: string, value: unknown): unknown {
  if (SILENT.has(key)) return undefined;
  if (typeof value === "string")
    return value
      .replace(/^arn:.*[:/]/, "…")
      .replace(/[0-9a-f]{56}(?=[0-9a-f]{8}$)/, "…")
      .replace(/01935e00-0000-7000-8000-0{8}/, "…");
  if (typeof value !== "object" || value === null) return value;
  // A step is what it says, and an address is where it leads.
  if ("event" in value && "from" in value) return value.event;
  if ("cluster" in value && "principalArn" in value && Object.keys(value).length === 2) {
    const { name } = value.cluster as { readonly name: string };
    return `${name}/${String(value.principalArn).split("/").at(-1)}`;
  }
  return value;
}
