/** The preview of the form's terms, a moment after the last change of them. */
import { useEffect, useRef, useState } from "react";
import type { PreviewAnswer } from "../../../shared/http/contract/answers.ts";
import { question } from "../../api/client.ts";
import { Problem } from "../../api/problem.ts";

export interface PreviewReading {
  /** The answer to the terms as they are now; undefined until it is there. */
  readonly answer: PreviewAnswer | undefined;
  readonly problem: Problem | undefined;
}

const PAUSE_MS = 400;

const NOTHING: PreviewReading = { answer: undefined, problem: undefined };

export function usePreview(body: object | undefined): PreviewReading {
  const key = JSON.stringify(body);
  const [known, setKnown] = useState({ key, ...NOTHING });
  const latest = useRef(key);
  latest.current = key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds the whole body
  useEffect(() => {
    if (body === undefined) return undefined;
    const timer = setTimeout(() => {
      question<PreviewAnswer>("/v1/requests/preview", body).then(
        (answer) => setKnown({ key, answer, problem: undefined }),
        (error: unknown) =>
          setKnown({
            key,
            answer: undefined,
            problem: error instanceof Problem ? error : new Problem(0, "defect", String(error)),
          }),
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return known.key === latest.current ? known : NOTHING;
}
