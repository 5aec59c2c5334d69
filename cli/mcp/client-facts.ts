/** The words of a client about itself, in either era of the protocol. Nothing proves any of them. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";

export interface ClientFacts {
  /** Its name and version, in characters that a request takes. */
  readonly name: string;
  /** Whether it says that it can ask its user by a form. */
  readonly asksForms: boolean;
}

/** As long as the API takes it. */
const MOST_CHARACTERS = 100;

/** The revision of 2026-07-28 says it with each request, and earlier ones once, at the start. */
export function clientFacts(server: McpServer, { mcpReq }: ServerContext): ClientFacts {
  const envelope: Members = mcpReq.envelope ?? {};
  const info = envelope[CLIENT_INFO_META_KEY] ?? server.server.getClientVersion();
  const can = envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
  return { name: nameOf(membersOf(info)), asksForms: asksForms(membersOf(can)["elicitation"]) };
}

type Members = Readonly<Record<string, unknown>>;

const membersOf = (value: unknown): Members =>
  typeof value === "object" && value !== null ? (value as Members) : {};

function nameOf(info: Members): string {
  const words = [info["name"], info["version"]].filter((word) => typeof word === "string");
  const text = words
    .join(" ")
    .replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[\p{DI}\u2800]/gu, "")
    .trim()
    .slice(0, MOST_CHARACTERS);
  return text === "" ? "a client without a name" : text;
}

/** Nothing declared inside means forms. */
function asksForms(elicitation: unknown): boolean {
  if (typeof elicitation !== "object" || elicitation === null) return false;
  return "form" in elicitation || !("url" in elicitation);
}
