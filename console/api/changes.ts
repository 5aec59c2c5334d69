/** After a change, every read of the page runs again, so that no view shows what was before. */
import { useEffect } from "react";

const target = new EventTarget();
const CHANGED = "changed";

export const tellChanged = (): void => void target.dispatchEvent(new Event(CHANGED));

/** Calls after each change. @param hear stays the same between renders */
export function useChanges(hear: () => void): void {
  useEffect(() => {
    target.addEventListener(CHANGED, hear);
    return () => target.removeEventListener(CHANGED, hear);
  }, [hear]);
}
