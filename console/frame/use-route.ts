/** The address of the page: Back and reload work by themselves. */
import { useEffect, useState } from "react";
import { type Address, routeOf } from "./route.ts";

export function goTo(href: string): void {
  location.hash = href;
}

/** The view that the address names; Back and reload work by themselves. */
export function useRoute(): Address {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const look = () => setRoute(routeOf(location.hash));
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  return route;
}
