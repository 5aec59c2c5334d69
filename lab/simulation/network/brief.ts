/** Formats arguments and answers, short enough to read in a trace. */
export function brief(values: readonly unknown[]): string {
  const text = values.map((value) => JSON.stringify(value, shorten) ?? "nothing").join(", ");
  return text.length > 900 ? `${text.slice(0, 900)}…` : text;
}

/** Members that tell a reader nothing. */
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
  // Members of a ledger, and of requests in the view of their binding.
  "binding",
  "clusterArn",
  "principalArn",
  "principalId",
  "clusterCreatedAt",
  "durationSeconds",
  "rule",
  "breakGlass",
  "approvals",
  "approvedAt",
  "listed",
  "effectiveAt",
  "endedAt",
  "schema",
]);

const timeOf = (at: unknown): string =>
  typeof at === "string" ? (at < "2000" ? "-" : at.slice(11, 21)) : "-";

/** An element of a ledger: its state, and its times. */
function elementOf(value: object): string {
  const { state, absenceFrom, presenceFrom, carriedUntil, openUntil } = value as Record<
    string,
    unknown
  >;
  const open = openUntil === null ? "" : ` open ${timeOf(openUntil)}`;
  return `${state} absence ${timeOf(absenceFrom)} presence ${timeOf(presenceFrom)} carried ${timeOf(carriedUntil)}${open}`;
}

/** The ledger's facts about the entry itself. */
function entryOf(value: object): string {
  const { arn, owned, tokens, tokenOpen, createUntil, deleteUntil } = value as Record<
    string,
    unknown
  >;
  const which = arn === null ? "none" : `…${String(arn).slice(-4)}`;
  return `${which}${owned === true ? " owned" : ""} tokens ${String(tokens)}${tokenOpen === true ? " open" : ""} create ${timeOf(createUntil)} delete ${timeOf(deleteUntil)}`;
}

function shorten(key: string, value: unknown): unknown {
  if (SILENT.has(key)) return undefined;
  if (typeof value === "string")
    return value
      .replace(/^arn:.*[:/]/, "…")
      .replace(/[0-9a-f]{56}(?=[0-9a-f]{8}$)/, "…")
      .replace(/01935e00-0000-7000-8000-0{8}/, "…");
  if (typeof value !== "object" || value === null) return value;
  if ("tokenOpen" in value && "bornAt" in value) return entryOf(value);
  if ("carriedUntil" in value && "openUntil" in value) return elementOf(value);
  if ("refusedSince" in value && "over" in value) return value.over === true ? "over" : "begun";
  // The event is enough for a step, and names are enough for an address.
  if ("event" in value && "from" in value) return value.event;
  if ("cluster" in value && "principalArn" in value && Object.keys(value).length === 2) {
    const { name } = value.cluster as { readonly name: string };
    return `${name}/${String(value.principalArn).split("/").at(-1)}`;
  }
  return value;
}
