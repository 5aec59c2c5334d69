/** Failures in the API server's own form: `kind: Status` (meta/v1), with its reasons and texts. */

const REASONS = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "AlreadyExists",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  500: "InternalError",
} as const;

export type StatusCode = keyof typeof REASONS;

/** The object of a failure. `kind` holds the resource's plural, as the API server writes it. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly {
    readonly reason: string;
    readonly message: string;
    readonly field: string;
  }[];
}

/** Thrown anywhere below the server, which answers it. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly code: StatusCode;
  readonly details: StatusDetails | undefined;
  readonly reason: string;
  constructor(
    code: StatusCode,
    message: string,
    details?: StatusDetails,
    reason: string = REASONS[code],
  ) {
    super(message);
    this.reason = reason;
    this.code = code;
    this.details = details;
  }

  toJSON(): Record<string, unknown> {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

interface Named {
  readonly apiGroup: string;
  readonly resource: string;
  readonly name: string;
}

/** `pods`, `deployments.apps`: a resource as messages name it. */
const qualified = ({ apiGroup, resource }: Named): string =>
  apiGroup === "" ? resource : `${resource}.${apiGroup}`;

const details = ({ apiGroup, resource, name }: Named): StatusDetails => ({
  ...(name === "" ? {} : { name }),
  ...(apiGroup === "" ? {} : { group: apiGroup }),
  ...(resource === "" ? {} : { kind: resource }),
});

/** 401: no token, a token that proves nothing, or a principal that nothing maps. */
export const unauthorized = (): StatusError => new StatusError(401, "Unauthorized");

/** 403: no authorizer allows it, or RBAC's escalation check refuses it. */
export function forbidden(what: Named, why: string): StatusError {
  const name = what.name === "" ? "" : ` "${what.name}"`;
  const subject = what.resource === "" ? "forbidden" : `${qualified(what)}${name} is forbidden`;
  return new StatusError(403, `${subject}: ${why}`, details(what));
}

/** 404: no object of that name. */
export const notFound = (what: Named): StatusError =>
  new StatusError(404, `${qualified(what)} "${what.name}" not found`, details(what));

/** 404: no such resource or path. */
export const noSuchResource = (): StatusError =>
  new StatusError(404, "the server could not find the requested resource", {});

/** 409: the name is taken. */
export const alreadyExists = (what: Named): StatusError =>
  new StatusError(409, `${qualified(what)} "${what.name}" already exists`, details(what));

/** 409: somebody else wrote the object since it was read. */
export const conflict = (what: Named): StatusError =>
  new StatusError(
    409,
    `Operation cannot be fulfilled on ${qualified(what)} "${what.name}": the object has been modified; please apply your changes to the latest version and try again`,
    details(what),
    "Conflict",
  );

/** One thing that validation found: `metadata.name: Required value: name or generateName is required`. */
export interface FieldError {
  readonly field: string;
  /** `Required value`, `Invalid value: "x": …`, `Unsupported value: …` */
  readonly message: string;
  readonly reason: "FieldValueRequired" | "FieldValueInvalid" | "FieldValueNotSupported";
}

/** 422: the object is well-formed and wrong. */
export function invalid(
  group: string,
  kind: string,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const texts = errors.map(({ field, message }) => `${field}: ${message}`);
  const text = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const qualifiedKind = group === "" ? kind : `${kind}.${group}`;
  return new StatusError(422, `${qualifiedKind} "${name}" is invalid: ${text}`, {
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { group }),
    kind,
    causes: errors,
  });
}

/** 405: Kubernetes has it, the sandbox has not. `instead` says what to do. */
export const notEmulated = (what: string, instead: string): StatusError =>
  new StatusError(405, `${what} is not emulated by the sandbox: nothing was done; ${instead}`);
