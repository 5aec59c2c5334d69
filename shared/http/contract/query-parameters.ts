/** The description of each query parameter. */
import { SHORTEST_PREFIX } from "../../domain/requests/id-prefix.ts";
import {
  FINDING_VIEWS,
  GRANT_VIEWS,
  type QueryParameter,
  type RouteOperation,
  VIEWS,
} from "./routes.ts";

const TEXT = { type: "string" };

const PARAMETERS: Readonly<Record<QueryParameter, object>> = {
  view: { description: "Whose requests.", schema: { ...TEXT, enum: VIEWS } },
  idPrefix: {
    description:
      "In place of view: every request that the caller may see and whose id begins so, oldest first.",
    schema: { ...TEXT, minLength: SHORTEST_PREFIX, maxLength: 36 },
  },
  cluster: {
    description: "The name of a cluster, to have standing access on it as well.",
    schema: TEXT,
  },
  limit: {
    description: "How many at most.",
    schema: { type: "integer", minimum: 1, maximum: 100 },
  },
  cursor: {
    description: "Where the page starts: the next of the previous page.",
    schema: TEXT,
  },
  from: { required: true, description: "A date or instant in UTC, included.", schema: TEXT },
  to: { required: true, description: "A date or instant in UTC, not included.", schema: TEXT },
  at: {
    description: "A date or instant in UTC that is not to come; without it, now.",
    schema: TEXT,
  },
};

/** Parameters with another meaning in one operation. */
const OWN_PARAMETERS: Readonly<
  Partial<Record<RouteOperation, Readonly<Partial<Record<QueryParameter, object>>>>>
> = {
  listGrants: {
    view: {
      description: "What is lent now (open), or all that was lent on a cluster in an interval.",
      schema: { ...TEXT, enum: GRANT_VIEWS, default: "open" },
    },
    cluster: { description: "Its name in access.yaml. Only where view is all.", schema: TEXT },
    from: {
      description: "A date or instant in UTC: live then or later. Only where view is all.",
      schema: TEXT,
    },
    to: {
      description: "A date or instant in UTC: begun before. Only where view is all.",
      schema: TEXT,
    },
  },
  listFindings: {
    view: {
      description: "Findings that nobody has acknowledged (open), or all of an interval.",
      schema: { ...TEXT, enum: FINDING_VIEWS, default: "open" },
    },
    from: {
      description: "A date or instant in UTC, included. Required where view is all.",
      schema: TEXT,
    },
    to: {
      description: "A date or instant in UTC, not included. Required where view is all.",
      schema: TEXT,
    },
  },
};

/** The description of a parameter in an operation. */
export const parameterOf = (operation: RouteOperation, name: QueryParameter): object =>
  OWN_PARAMETERS[operation]?.[name] ?? PARAMETERS[name];
