/** Names and ids that AWS would make up for resources. They are the same each time. */
import { createHash } from "node:crypto";
import type { Place } from "./resource-type.ts";

/** What the names of a stack's resources begin with. A later stack of the name has another, so that what an earlier one left stays apart. */
const prefix = ({ stackName, life = 1 }: Place) => (life > 1 ? `${stackName}-${life}` : stackName);

/** Names that CloudFormation would make up are made of the stack's and the logical id. */
export const generated = (place: Place, logicalId: string, longest: number) =>
  // CDK ends a logical id in a hash, so its tail stays unique when the name must be cut.
  `${prefix(place)}-${logicalId.slice(-(longest - prefix(place).length - 1))}`;

/** Ten lower-case letters and digits, as API Gateway's ids have; the same for the same resource. */
export const shortId = (logicalId: string) =>
  BigInt(`0x${createHash("sha256").update(logicalId).digest("hex")}`)
    .toString(36)
    .slice(0, 10);

/** A UUID, the same for the same resource. */
export const stableUuid = (place: Place, logicalId: string) => {
  const hex = createHash("sha256")
    .update(`${prefix(place)}/${logicalId}`)
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
