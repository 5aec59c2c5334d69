/**
 * A record of CloudTrail, with the members that it has for a management event.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export interface TrailRecord {
  readonly eventVersion: string;
  readonly userIdentity: UserIdentity;
  /** When the call was completed, to the second: `2026-11-24T10:00:01Z`. */
  readonly eventTime: string;
  /** `eks.amazonaws.com` */
  readonly eventSource: string;
  /** `AssociateAccessPolicy` */
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly requestParameters: Members | null;
  readonly responseElements: Members | null;
  readonly additionalEventData?: Members;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** The `x-amzn-requestid` that the caller got. */
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly resources?: readonly TrailResource[];
  readonly eventType: "AwsApiCall";
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  readonly eventCategory: "Management";
  readonly tlsDetails?: Members;
  readonly addendum?: Addendum;
}

export type Members = Readonly<Record<string, unknown>>;

/**
 * The caller.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export type UserIdentity = SessionIdentity | WebIdentityUser | { readonly type: "Unknown" };

/** The subject of a token that was verified. */
interface WebIdentityUser {
  readonly type: "WebIdentityUser";
  readonly principalId: string;
  readonly userName: string;
  readonly identityProvider: string;
}

interface SessionIdentity {
  readonly type: "AssumedRole";
  readonly principalId: string;
  readonly arn: string;
  readonly accountId: string;
  /** Absent where a service made the call in a session of its own. */
  readonly accessKeyId?: string;
  readonly sessionContext: {
    readonly sessionIssuer: {
      readonly type: "Role";
      readonly principalId: string;
      readonly arn: string;
      readonly accountId: string;
      readonly userName: string;
    };
    readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: "false" };
    readonly sourceIdentity?: string;
    readonly webIdFederationData?: {
      readonly federatedProvider: string;
      readonly attributes: object;
    };
  };
  /** The service that made the call: `scheduler.amazonaws.com`. */
  readonly invokedBy?: string;
}

export interface TrailResource {
  readonly accountId: string;
  readonly type: string;
  readonly ARN: string;
}

/** Why a record is late, or what it corrects; the last two members only with `UPDATED_DATA`. */
interface Addendum {
  readonly reason: "DELIVERY_DELAY" | "UPDATED_DATA";
  readonly updatedFields?: string;
  readonly originalRequestID?: string;
  readonly originalEventID?: string;
}
