/** How the asker of a request is named: a machine as one, and with the program that asked for them. */
import type { AccessRequest } from "./request.ts";

/** The asker, as the record and the answers have it. */
export type Asker = Pick<AccessRequest, "requester" | "machine" | "via">;

/** `alice`, `machine deploy-bot` */
export const askerName = ({ requester, machine }: Pick<Asker, "requester" | "machine">): string =>
  machine === true ? `machine ${requester}` : requester;

/** `alice through MCP (claude-code 2.1)`: the program says itself what it is called. */
export const askerText = (asker: Asker): string =>
  asker.via === undefined
    ? askerName(asker)
    : `${askerName(asker)} through MCP (${asker.via.client})`;

/** `alice via mcp`, where little room is. */
export const shortAsker = (asker: Asker): string =>
  asker.via === undefined ? askerName(asker) : `${askerName(asker)} via mcp`;
