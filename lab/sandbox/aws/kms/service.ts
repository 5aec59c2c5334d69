import type { IamState } from "../iam/state.ts";
import { AwsError, type Call, type Operation, type Service } from "../service.ts";
import type { Store } from "../store.ts";
import { demandOnKey, type KeyDemand } from "./demand-on-key.ts";
import { publicKeyOf, signDigest, verifyDigest } from "./ecdsa.ts";
import { findKey, type KmsPlace } from "./find-key.ts";
import { demandUsable, keyState, LIFECYCLE } from "./key-lifecycle.ts";
import { blob, refuseOthers, SIGNING_ALGORITHM, signingInput } from "./signing-input.ts";
import type { KmsKey, KmsState } from "./state.ts";

interface KmsOptions extends KmsPlace {
  readonly kms: Store<KmsState>;
  readonly iam: Store<IamState>;
}

/** One operation on a key: its members, and what it does once the caller may. */
interface KeyOperation {
  /** Whether the key must be enabled for it. */
  readonly uses: boolean;
  readonly members: readonly string[];
  /** Condition keys of the request; checks the request's members on the way. */
  readonly context: (input: Call["input"]) => KeyDemand["context"];
  readonly answer: (
    key: KmsKey,
    input: Call["input"],
    place: KmsPlace,
    now: Date,
  ) => object | undefined;
}

const SIGNING_MEMBERS = ["KeyId", "Message", "MessageType", "SigningAlgorithm"];

const signingContext = (input: Call["input"]) => ({
  "kms:SigningAlgorithm": SIGNING_ALGORITHM,
  "kms:MessageType": signingInput(input).messageType,
});

const KEY_OPERATIONS: Readonly<Record<string, KeyOperation>> = {
  Sign: { uses: true, members: SIGNING_MEMBERS, context: signingContext, answer: sign },
  Verify: {
    uses: true,
    members: [...SIGNING_MEMBERS, "Signature"],
    context: signingContext,
    answer: verify,
  },
  GetPublicKey: { uses: true, members: ["KeyId"], context: () => ({}), answer: getPublicKey },
  DescribeKey: { uses: false, members: ["KeyId"], context: () => ({}), answer: describeKey },
};

/**
 * AWS KMS over AWS JSON 1.1, for keys ECC_NIST_P256 of the template that sign and verify. Nothing
 * makes a key over the port.
 */
export function kmsService(options: KmsOptions): Service {
  return {
    name: "kms",
    protocol: {
      kind: "json",
      version: "1.1",
      targetPrefixes: ["TrentService."],
      queryError: false,
      errorNamespace: "",
    },
    operations: Object.fromEntries([
      ...Object.entries(KEY_OPERATIONS).map(([name, operation]) => [
        name,
        onKey(options, `kms:${name}`, operation),
      ]),
      ...Object.entries(LIFECYCLE).map(([name, { members, run }]) => [
        name,
        onKey(options, `kms:${name}`, {
          uses: false,
          members,
          context: () => ({}),
          answer: (key, input, _place, now) => options.kms.change(() => run(key, input, now)),
        }),
      ]),
    ]),
  };
}

function onKey(
  { kms, iam, ...place }: KmsOptions,
  action: string,
  keyOperation: KeyOperation,
): Operation {
  return {
    // The key's policy takes part in the decision, so `run` asks.
    permissions: () => [],
    run: async ({ input, caller, now }) => {
      refuseOthers(input, keyOperation.members);
      const found = findKey(kms.state, place, input["KeyId"], now);
      const context = keyOperation.context(input);
      await demandOnKey(iam.state, kms.state, found, { caller, now, action, context });
      if (keyOperation.uses) demandUsable(found.key);
      return keyOperation.answer(found.key, input, place, now);
    },
  };
}

function sign({ arn, privateKey }: KmsKey, input: Call["input"]) {
  const signature = signDigest(privateKey, signingInput(input).digest);
  return {
    KeyId: arn,
    Signature: signature.toString("base64"),
    SigningAlgorithm: SIGNING_ALGORITHM,
  };
}

function verify({ arn, privateKey }: KmsKey, input: Call["input"]) {
  if (!verifyDigest(privateKey, signingInput(input).digest, blob(input, "Signature")))
    throw new AwsError("KMSInvalidSignatureException", 400, "");
  return { KeyId: arn, SignatureValid: true, SigningAlgorithm: SIGNING_ALGORITHM };
}

const SPECIFICATION = {
  CustomerMasterKeySpec: "ECC_NIST_P256",
  KeySpec: "ECC_NIST_P256",
  KeyUsage: "SIGN_VERIFY",
  SigningAlgorithms: [SIGNING_ALGORITHM],
};

function getPublicKey({ arn, privateKey }: KmsKey) {
  return {
    KeyId: arn,
    PublicKey: publicKeyOf(privateKey).toString("base64"),
    ...SPECIFICATION,
  };
}

function describeKey(key: KmsKey, _input: Call["input"], { account }: KmsPlace) {
  return {
    KeyMetadata: {
      AWSAccountId: account,
      KeyId: key.id,
      Arn: key.arn,
      CreationDate: Date.parse(key.createdAt) / 1000,
      Description: key.description,
      ...keyState(key),
      Origin: "AWS_KMS",
      KeyManager: "CUSTOMER",
      MultiRegion: false,
      ...SPECIFICATION,
    },
  };
}
