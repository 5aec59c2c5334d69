/** One operation of the API: it parses, calls one use case, and answers. */
import type { APIGatewayProxyEventV2WithIAMAuthorizer } from "aws-lambda";
import type { Actor } from "../../shared/domain/policy/actor.ts";
import type { ApiPorts } from "../../shared/ports/function-ports.ts";

export type ApiEvent = APIGatewayProxyEventV2WithIAMAuthorizer;

export interface Answer {
  readonly status: 200 | 201;
  readonly body: unknown;
}

export type Operation = (ports: ApiPorts, actor: Actor, event: ApiEvent) => Promise<Answer>;

export const ok = (body: unknown): Answer => ({ status: 200, body });

export const queryOf = (event: ApiEvent) => event.queryStringParameters ?? {};
