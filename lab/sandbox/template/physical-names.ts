/** Names and ids that AWS would make up for resources. They are the same each time. */
import { createHash } from "node:crypto";
import type { Place } from "./resource-type.ts";

/** Tells a later stack of a name from earlier ones, so that what these left stays apart. */
const suffix = ({ life = 1 }: Place) => (life > 1 ? `-${life}` : "");

/** Names that CloudFormation would make up are made of the stack's and the logical id. AWS ends them in characters of its own. */
export const generated = (place: Place, logicalId: string, longest: number) => {
  const { stackName } = place;
  const room = longest - stackName.length - 1 - suffix(place).length;
  // CDK ends a logical id in a hash, so its tail stays unique when the name must be cut.
  return `${stackName}-${logicalId.slice(-room)}${suffix(place)}`;
};

/** Ten lower-case letters and digits, as API Gateway's ids have; the same for the same resource. */
export const shortId = (logicalId: string) =>
  BigInt(`0x${createHash("sha256").update(logicalId).digest("hex")}`)
    .toString(36)
    .slice(0, 10);

/** A UUID, the same for the same resource. */
export const stableUuid = (place: Place, logicalId: string) => {
  const hex = createHash("sha256")
    .update(`${place.stackName}${suffix(place)}/${logicalId}`)
    .digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join("-");
};

/** The ARN of a resource in this account and region. */
export const arn = (place: Place, service: string, rest: string) =>
  `arn:aws:${service}:${place.region}:${place.account}:${rest}`;
