/** The account's OpenID Connect providers: issuers whose tokens STS takes. */
import { AwsError, type Operation, type PermissionCheck } from "../service.ts";
import type { Store } from "../store.ts";
import { noSuchEntity, onlyMembers, textIn } from "./role-name.ts";
import type { IamState, OidcProvider } from "./state.ts";

type Input = Readonly<Record<string, unknown>>;

/** An issuer's provider in an account: its ARN has the URL without its scheme. */
const providerArn = (account: string, url: string): string =>
  `arn:aws:iam::${account}:oidc-provider/${url.replace(/^https:\/\//, "")}`;

/**
 * The URL is the `iss` of tokens, and a client id is an `aud` that they may have.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
export function createOpenIdConnectProvider(iam: Store<IamState>): Operation {
  return {
    permissions: (input, caller) => [
      {
        action: "iam:CreateOpenIDConnectProvider",
        resource: providerArn(caller.accountId, urlIn(input)),
      },
    ],
    run: ({ input, now }) => {
      onlyMembers(input, ["Url", "ClientIDList", "ThumbprintList"]);
      const url = urlIn(input);
      const arn = providerArn(iam.state.accountId, url);
      if (providersOf(iam.state).some((one) => one.arn === arn))
        throw new AwsError("EntityAlreadyExists", 409, `Provider with url ${url} already exists.`);
      const made: OidcProvider = {
        arn,
        url,
        clientIds: textsIn(input, "ClientIDList"),
        thumbprints: textsIn(input, "ThumbprintList"),
        createDate: now.toISOString(),
      };
      iam.change((state) => {
        state.oidcProviders = { ...state.oidcProviders, [arn]: made };
      });
      return { OpenIDConnectProviderArn: arn };
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html */
export function getOpenIdConnectProvider(iam: Store<IamState>): Operation {
  return {
    permissions: providerCheck("iam:GetOpenIDConnectProvider"),
    run: ({ input }) => {
      const { url, clientIds, thumbprints, createDate } = providerNamed(iam.state, input);
      return {
        // IAM answers it without the scheme.
        Url: url.replace(/^https:\/\//, ""),
        ClientIDList: clientIds,
        ThumbprintList: thumbprints,
        CreateDate: createDate.replace(/\.\d+Z$/, "Z"),
      };
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviders.html */
export function listOpenIdConnectProviders(iam: Store<IamState>): Operation {
  return {
    permissions: () => [{ action: "iam:ListOpenIDConnectProviders", resource: "*" }],
    run: ({ input }) => {
      onlyMembers(input, []);
      return { OpenIDConnectProviderList: providersOf(iam.state).map(({ arn }) => ({ Arn: arn })) };
    },
  };
}

/**
 * Roles that name it stay, and nobody can take them by its tokens any more.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html
 */
export function deleteOpenIdConnectProvider(iam: Store<IamState>): Operation {
  return {
    permissions: providerCheck("iam:DeleteOpenIDConnectProvider"),
    run: ({ input }) => {
      const { arn } = providerNamed(iam.state, input);
      iam.change((state) => {
        const { [arn]: _, ...others } = state.oidcProviders ?? {};
        state.oidcProviders = others;
      });
      return undefined;
    },
  };
}

/** The providers of the state's own account. */
const providersOf = ({ accountId, oidcProviders = {} }: IamState): readonly OidcProvider[] =>
  Object.values(oidcProviders).filter(({ arn }) => arn.split(":")[4] === accountId);

const providerCheck =
  (action: string) =>
  (input: Input): readonly PermissionCheck[] => [{ action, resource: arnIn(input) }];

function providerNamed(state: IamState, input: Input): OidcProvider {
  onlyMembers(input, ["OpenIDConnectProviderArn"]);
  const arn = arnIn(input);
  const found = providersOf(state).find((one) => one.arn === arn);
  if (!found) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return found;
}

const arnIn = (input: Input): string =>
  textIn(
    input,
    "OpenIDConnectProviderArn",
    /^arn:aws:iam::\d{12}:oidc-provider\/[\x21-\x7e]{1,255}$/,
  );

/** "The URL must begin with https:// … should not contain a port number", nor a query. */
const urlIn = (input: Input): string =>
  textIn(input, "Url", /^(?=.{1,255}$)https:\/\/[a-z0-9.-]+(\/[A-Za-z0-9._~/-]*)?$/);

function textsIn(input: Input, member: string): readonly string[] {
  const value = input[member] ?? [];
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw new AwsError("InvalidInput", 400, `${member} is not a list of texts.`);
}
